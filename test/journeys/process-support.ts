import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import type { CloneRun } from '../../testkit/sandbox/run-clone.ts';
import type { Sandbox } from '../../testkit/sandbox/sandbox.ts';
import { type Going, until } from './ci-support.ts';
import { remoteLog, survivors } from './support.ts';

/** Resolves when a process that was started in the sandbox has this in its command line. */
export function processWith(sandbox: Sandbox, words: string): Promise<void> {
  return until(`a process with "${words}"`, async () =>
    (await survivors(sandbox)).some((line) => line.includes(words)),
  );
}

/** Ends a running clone as a power cut would, once this has come. */
export async function killOnce(going: Going, moment: Promise<unknown>): Promise<void> {
  await Promise.race([moment, going.done.then((end) => fail(end))]);
  going.child.kill('SIGKILL');
  await going.done;
}

function fail(end: CloneRun): never {
  throw new Error(`the run ended before it could be killed (${end.exitCode}):\n${end.stdout}\n${end.stderr}`);
}

/** No task landed twice: each commit of ours on the remote has a session and a task of its own. */
export async function expectNothingTwice(sandbox: Sandbox, repo: string): Promise<void> {
  const ours = (await remoteLog(sandbox, repo))
    .map(({ message }) => message.match(/^Clone-(?:Session|Task): .+$/gm)?.join(' '))
    .filter((trailers) => trailers !== undefined);
  expect(ours).toEqual([...new Set(ours)]);
}

/** git in our mirror of a repository. */
export async function inMirrorOf(
  sandbox: Sandbox,
  repo: string,
  ...args: readonly string[]
): Promise<string> {
  const mirrors = path.join(sandbox.home, '.clone/mirrors');
  const name = (await readdir(mirrors)).find((one) => one.replace(/-[0-9a-f]{12}\.git$/, '') === repo);
  return sandbox.git(sandbox.home, '--git-dir', path.join(mirrors, name ?? ''), ...args);
}

/** Salvage refs of a repository, `<session>/<name> <subject>` each. */
export async function salvageOf(sandbox: Sandbox, repo: string): Promise<string[]> {
  const format = '--format=%(refname:lstrip=3) %(subject)';
  const lines = await inMirrorOf(sandbox, repo, 'for-each-ref', format, 'refs/clone/salvage');
  return lines.split('\n').filter((line) => line !== '');
}
