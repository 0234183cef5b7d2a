import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CloneRun } from '../../testkit/sandbox/run-clone.ts';
import { type Sandbox, startSandbox } from '../../testkit/sandbox/sandbox.ts';
import { pushesTo, startClone, until } from './ci-support.ts';
import { killOnce } from './process-support.ts';
import {
  expectClean,
  expectRun,
  goodWork,
  noWork,
  plan,
  quickCheck,
  remoteFile,
  remoteLog,
  remoteSubjects,
  repoFiles,
  turn,
} from './support.ts';

describe('a run that is killed while it lands what it remembers', () => {
  let sandbox: Sandbox;
  let again: CloneRun;
  const names = ['in-push', 'after-push'];

  beforeAll(async () => {
    sandbox = await startSandbox({
      repos: names.map((name) => ({ name, files: repoFiles() })),
      scenarios: names.flatMap((repo) => [
        turn(repo, 'plan', [{ json: plan('Good work') }], { call: 1 }),
        turn(repo, 'plan', [{ json: noWork('Fine.') }]),
        ...goodWork(repo).slice(1),
      ]),
      options: { ...quickCheck, memory_enabled: true, parallel_repos: 2, ci_grace_seconds: 0.3 },
    });
    // The one push never arrives; the other does, and nobody lives to tell.
    sandbox.github.fault({ path: '*/in-push.git/git-receive-pack', method: 'POST', delayMs: 2500 });
    const answer = { path: '*/after-push.git/info/refs', method: 'GET', delayMs: 2500 };
    const going = startClone(sandbox, ['run']);
    const moments = [
      until('the push that hangs', () => pushesTo(sandbox, 'in-push') > 0),
      until('the push that went through', () => pushesTo(sandbox, 'after-push') > 0).then(() => {
        sandbox.github.fault(answer);
        return until('it', async () => (await remoteSubjects(sandbox, 'after-push')).length > 1);
      }),
    ];
    await killOnce(going, Promise.all(moments));
    again = await sandbox.clone(['run']);
  }, 120_000);
  afterAll(() => sandbox[Symbol.asyncDispose]());

  it('is taken up by the next run', async () => {
    expectRun(again, 0);
    await expectClean(sandbox);
    expect(sandbox.model.problems).toEqual([]);
  });

  it.each(names)('lands and remembers once (%s)', async (repo) => {
    const log = await remoteLog(sandbox, repo);
    expect(log.map(({ subject }) => subject)).toEqual(['Remember 1 task', 'Do good-work', 'First commit']);
    const backlog = (await remoteFile(sandbox, repo, 'CLONE_FEATURES.md')) ?? '';
    expect(backlog.match(/Good work \(local: check exited 0; commit [0-9a-f]{12}\)/g)).toHaveLength(1);
    expect(backlog).toContain(log[1]?.sha.slice(0, 12) ?? 'none');
  });

  it('does not remember it again with the next landing', async () => {
    sandbox.model.setScenarios(names.flatMap((repo) => goodWork(repo, 'Second')));
    const tasks = names.map((repo) => ['tasks', 'add', 'Second', '--repo', repo]);
    for (const add of tasks) expectRun(await sandbox.clone(add), 0);
    expectRun(await sandbox.clone(['run']), 0);
    for (const repo of names) {
      const backlog = (await remoteFile(sandbox, repo, 'CLONE_FEATURES.md')) ?? '';
      expect(backlog.match(/: Good work \(/g)).toHaveLength(1);
      expect(backlog.match(/: Second \(/g)).toHaveLength(1);
    }
  });
});
