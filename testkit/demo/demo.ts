import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts';
import { demoRepositories } from './repositories.ts';
import { demoScenarios } from './scenarios.ts';

/** The sandbox of `clone demo`: four repositories on a GitHub of its own, and a model that follows a script. */
export function startDemo(folder?: string): Promise<Sandbox> {
  return startSandbox({ repos: demoRepositories, scenarios: demoScenarios, folder });
}
