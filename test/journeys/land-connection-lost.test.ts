import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CloneRun } from '../../testkit/sandbox/run-clone.ts';
import { type Sandbox, startSandbox } from '../../testkit/sandbox/sandbox.ts';
import { mirrorGit, quickRun, type Seen, seenIn, turnsOf, works } from './ci-support.ts';
import { expectClean, expectRun, remoteGit, remoteSubjects, repoFiles } from './support.ts';

describe('when the connection to the remote breaks', () => {
  let sandbox: Sandbox;
  let run: CloneRun;
  let seen: Seen;
  const repos = ['cut-before', 'cut-after', 'stumbles', 'down', 'down-early'];

  beforeAll(async () => {
    sandbox = await startSandbox({
      options: { ...quickRun, land_attempts: 3 },
      repos: repos.map((name) => ({ name, files: repoFiles() })),
      scenarios: repos.map((name) => works(name, { 'ours.txt': 'ours\n' })),
    });
    const push = (repo: string): { method: string; path: string } => ({
      method: 'POST',
      path: `/alice/${repo}.git/git-receive-pack`,
    });
    sandbox.github.fault({ ...push('cut-before'), dropConnection: true });
    sandbox.github.fault({ ...push('cut-after'), dropConnection: true, afterwards: true });
    sandbox.github.fault({ ...push('stumbles'), status: 500 });
    sandbox.github.fault({ ...push('down'), status: 503, times: 'always' });
    sandbox.github.fault({ path: '/alice/down-early.git/info/refs', status: 500, times: 'always' });
    run = await sandbox.clone(['run']);
    seen = seenIn(sandbox);
  }, 120_000);

  afterAll(async () => {
    await sandbox[Symbol.asyncDispose]();
  });

  it('ends with 1, without a bug showing and with nothing half-done left', async () => {
    expectRun(run, 1);
    await expectClean(sandbox);
  });

  it.each([
    ['was cut before it took effect', 'cut-before'],
    ['was cut after it took effect', 'cut-after'],
    ['met a server that stumbled', 'stumbles'],
  ])('lands a push that %s once', async (_what, repo) => {
    const show = await seen.show(repo);
    expect([show.state, show.why]).toEqual(['cleaned', null]);
    expect(await remoteSubjects(sandbox, repo)).toEqual([`Work on ${repo}`, 'First commit']);
    expect(await remoteGit(sandbox, repo, 'rev-parse', 'HEAD')).toBe(show.landed_sha);
    expect(turnsOf(sandbox, repo)).toBe(1);
  });

  it('keeps the work of a push that never got through, and tells how to land it', async () => {
    const show = await seen.show('down');
    expect([show.state, show.blocked_by]).toEqual(['blocked', 'environment']);
    expect(show.why).toMatch(/the remote could not be reached.*503/s);
    expect(await remoteSubjects(sandbox, 'down')).toEqual(['First commit']);
    const ref = `refs/clone/salvage/${show.session}/unlanded`;
    expect(await mirrorGit(sandbox, show, 'log', '--format=%s', ref)).toBe('Work on down\nFirst commit');
  });

  it('asks no agent about a repository that cannot be reached', async () => {
    expect(await seen.show('down-early')).toMatchObject({ state: 'failed' });
    expect(turnsOf(sandbox, 'down-early')).toBe(0);
  });

  it('lands the kept work once the remote is back', async () => {
    const before = await seen.show('down');
    sandbox.github.clearFaults();
    expectRun(await sandbox.clone(['run', '--repo', 'down']), 0);
    const show = await seen.show(before.session);
    expect([show.state, show.landed_sha]).toEqual([
      'cleaned',
      await remoteGit(sandbox, 'down', 'rev-parse', 'HEAD'),
    ]);
    expect(await remoteSubjects(sandbox, 'down')).toEqual(['Work on down', 'First commit']);
  });
});
