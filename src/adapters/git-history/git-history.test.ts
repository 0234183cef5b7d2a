import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RepoHistory } from '../../ports/history.ts';
import { gitHistory } from './git-history.ts';

const run = promisify(execFile);
const never = new AbortController().signal;
let folder: string;

const environment = {
  PATH: process.env['PATH'],
  HOME: '/nonexistent',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
};

async function git(cwd: string, args: readonly string[], at = 0): Promise<void> {
  const date = `@${1_700_000_000 + at} +0000`;
  const who = {
    GIT_AUTHOR_NAME: 'Ann',
    GIT_AUTHOR_EMAIL: 'ann@localhost',
    GIT_COMMITTER_NAME: 'clone',
    GIT_COMMITTER_EMAIL: 'clone@localhost',
  };
  await run('git', args, {
    cwd,
    env: { ...environment, ...who, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
  });
}
const commit = (cwd: string, message: string, at: number): Promise<void> =>
  git(cwd, ['commit', '-q', '--allow-empty', '-m', message], at);
const repo = (name: string, branch = 'main') => ({ name, path: path.join(folder, name), branch });
async function since(seconds: number, ...names: ReturnType<typeof repo>[]): Promise<readonly RepoHistory[]> {
  return gitHistory(environment).since(names, (1_700_000_000 + seconds) * 1000, never);
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'history-'));
  for (const name of ['jwt', 'empty']) {
    await mkdir(path.join(folder, name));
    await git(path.join(folder, name), ['init', '-q', '-b', 'main']);
  }
  await mkdir(path.join(folder, 'plain'));
  const jwt = path.join(folder, 'jwt');
  await commit(jwt, 'Old', 0);
  await commit(jwt, 'By hand', 100);
  await commit(
    jwt,
    'Ours: ü, "quoted"\n\nBody.\n\nClone-Run: r1\nClone-Session: jwt-s1\nClone-Task: t1',
    200,
  );
  await git(jwt, ['checkout', '-q', '-b', 'feature']);
  await commit(jwt, 'On a feature', 300);
  await git(jwt, ['update-ref', 'refs/remotes/origin/main', 'HEAD']);
  await git(jwt, ['checkout', '-q', 'main']);
  await git(jwt, ['branch', '-D', '-q', 'feature']);
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('the history of a repository', () => {
  it('is told newest first, from the moment that was asked for, ours by its trailer', async () => {
    const [jwt] = await since(50, repo('jwt'));
    expect(jwt).toMatchObject({
      repo: 'jwt',
      problem: undefined,
      commits: [
        { at: 1_700_000_300_000, subject: 'On a feature', session: undefined },
        { at: 1_700_000_200_000, author: 'Ann', subject: 'Ours: ü, "quoted"', session: 'jwt-s1' },
        { at: 1_700_000_100_000, subject: 'By hand', session: undefined },
      ],
    });
    expect(jwt?.commits.every(({ sha }) => /^[0-9a-f]{40}$/.test(sha))).toBe(true);
  });

  it('is that of HEAD when no branch is named, or the branch is not there', async () => {
    const [head, gone] = await since(50, repo('jwt', ''), repo('jwt', 'no-such-branch'));
    expect(head?.commits.map(({ subject }) => subject)).toEqual(['Ours: ü, "quoted"', 'By hand']);
    expect(gone?.commits).toEqual(head?.commits);
  });

  it('of several is answered in their order, and one that cannot be read spoils nothing', async () => {
    const histories = await since(0, repo('plain'), repo('jwt'), repo('not-there'), repo('empty'));
    expect(
      histories.map(({ repo: name, commits, problem }) => [name, commits.length, problem === undefined]),
    ).toEqual([
      ['plain', 0, false],
      ['jwt', 4, true],
      ['not-there', 0, false],
      ['empty', 0, true],
    ]);
  });

  it('is not read with what the repository would have us run', async () => {
    const jwt = path.join(folder, 'jwt');
    const mark = path.join(folder, 'it-ran');
    const trap = path.join(folder, 'trap.sh');
    await writeFile(trap, `#!/bin/sh\ntouch ${mark}\n`, { mode: 0o755 });
    for (const setting of ['gpg.program', 'core.fsmonitor', 'core.pager'])
      await git(jwt, ['config', setting, trap]);
    await git(jwt, ['config', 'log.showSignature', 'true']);
    const [read] = await since(50, repo('jwt'));
    expect(read?.commits).toHaveLength(3);
    await expect(run('ls', [mark])).rejects.toThrow();
  });

  it('is not read any more when it is stopped', async () => {
    const stopped = AbortSignal.abort();
    const [jwt] = await gitHistory(environment).since([repo('jwt')], 0, stopped);
    expect(jwt).toEqual({ repo: 'jwt', commits: [], problem: 'interrupted' });
  });
});
