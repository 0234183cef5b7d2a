import { mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts';
import { demoRepositories } from './repositories.ts';
import { demoScenarios } from './scenarios.ts';

/** A new folder for a demo; its files stay until somebody removes them. */
export function demoFolder(): Promise<string> {
  return mkdtemp(path.join(os.tmpdir(), 'clone-demo-'));
}

/** The sandbox of `clone demo`: four repositories on a GitHub of its own, and a model that follows a script. */
export function startDemo(folder: string): Promise<Sandbox> {
  return startSandbox({ repos: demoRepositories, scenarios: demoScenarios, folder });
}
