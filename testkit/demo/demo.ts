import { mkdtemp, readdir } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts';
import { demoRepositories, strangersIssue } from './repositories.ts';
import { demoScenarios } from './scenarios.ts';

/** A new folder for a demo; its files stay until somebody removes them. */
export function demoFolder(): Promise<string> {
  return mkdtemp(path.join(os.tmpdir(), 'clone-demo-'));
}

/** Nothing lies in the folder, or there is none. */
export async function isFree(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).length === 0;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

export { idea, operatorTask } from './repositories.ts';

/**
 * The sandbox of `clone demo`: five repositories on a GitHub of its own, an issue that a stranger opened, and a model
 * that follows a script.
 */
export async function startDemo(folder: string): Promise<Sandbox> {
  const sandbox = await startSandbox({
    repos: demoRepositories,
    scenarios: demoScenarios,
    options: { memory_enabled: true },
    folder,
  });
  sandbox.github.addUser({ login: strangersIssue.author });
  sandbox.github.addIssue(strangersIssue);
  return sandbox;
}
