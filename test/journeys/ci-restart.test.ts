import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CloneRun } from '../../testkit/sandbox/run-clone.ts';
import type { Sandbox } from '../../testkit/sandbox/sandbox.ts';
import {
  agentIn,
  ciFiles,
  fixes,
  open,
  paused,
  pushesTo,
  quickRun,
  type Seen,
  sandboxAt,
  seenIn,
  startClone,
  turnsOf,
  until,
  waitingFor,
  workflow,
  works,
} from './ci-support.ts';
import {
  expectClean,
  expectRun,
  handoff,
  remoteGit,
  remoteSubjects,
  repoFiles,
  statusJson,
  turn,
} from './support.ts';

describe('a run that is killed while CI runs', () => {
  let sandbox: Sandbox;
  let again: CloneRun;
  let seen: Seen;

  const watched = ['waits', 'goes-green', 'was-fixing', 'was-fixed', 'was-pushing'];

  beforeAll(async () => {
    sandbox = await sandboxAt((folder) => {
      const gated = (name: string): string => workflow({ Test: `${waitingFor(folder, name)}\nsh ci.sh` });
      return {
        options: { ...quickRun, ci_rerun_failed_once: false },
        repos: [
          { name: 'bystander', files: repoFiles() },
          { name: 'waits', files: ciFiles({}, gated('ci')) },
          { name: 'goes-green', files: ciFiles({}, gated('ci')) },
          { name: 'was-fixing', files: ciFiles() },
          { name: 'was-pushing', files: ciFiles() },
          {
            name: 'was-fixed',
            files: ciFiles(
              {},
              workflow({ Test: `if grep -q fine ours.txt; then ${waitingFor(folder, 'ci')}; fi\nsh ci.sh` }),
            ),
          },
        ],
        scenarios: [
          turn('bystander', 'task', [{ json: handoff('Nothing', { status: 'skipped' }) }]),
          works('waits', { 'ours.txt': 'RED\n' }),
          works('goes-green', { 'ours.txt': 'good\n' }),
          works('was-fixing', { 'ours.txt': 'RED\n' }),
          works('was-fixed', { 'ours.txt': 'RED\n' }),
          works('was-pushing', { 'ours.txt': 'RED\n' }),
          fixes('was-pushing', { 'ours.txt': 'fine\n' }, { before: [paused('push')] }),
          fixes('waits', { 'ours.txt': 'fine\n' }),
          fixes('was-fixing', { 'ours.txt': 'fine\n' }, { call: 1, before: [paused('never')] }),
          fixes('was-fixing', { 'ours.txt': 'fine\n' }, { call: 2 }),
          fixes('was-fixed', { 'ours.txt': 'fine\n' }),
        ],
      };
    });
    const first = startClone(sandbox, ['run', ...watched.flatMap((repo) => ['--repo', repo])]);
    await agentIn(sandbox, 'was-fixing', 'ci-fix');
    await until('all four to wait', async () => {
      const { ci } = await statusJson(sandbox);
      const waiting = ci.filter(({ state }) => state === 'pending').map(({ repo }) => repo);
      return (
        ['waits', 'goes-green', 'was-fixed'].every((repo) => waiting.includes(repo)) &&
        pushesTo(sandbox, 'was-fixed') === 2
      );
    });
    await agentIn(sandbox, 'was-pushing', 'ci-fix');
    await open(sandbox, 'push');
    await until('the second push', () => pushesTo(sandbox, 'was-pushing') === 2, 5);
    sandbox.github.fault({ method: 'GET', path: '/alice/was-pushing.git/info/refs', delayMs: 5_000 });
    await until('its effect', async () => (await remoteSubjects(sandbox, 'was-pushing')).length === 3);
    first.child.kill('SIGKILL');
    expect((await first.done).signal).toBe('SIGKILL');
    await open(sandbox, 'ci');
    again = await sandbox.clone(['run', '--repo', 'bystander']);
    seen = seenIn(sandbox);
  }, 150_000);

  afterAll(async () => {
    await sandbox[Symbol.asyncDispose]();
  });

  it('leaves nothing behind that the next run does not take up', async () => {
    expectRun(again, 0);
    await expectClean(sandbox);
    expect((await seen.status()).ci.filter(({ state }) => ['pending', 'fixing'].includes(state))).toEqual([]);
  });

  it('lets the watch go on to green', async () => {
    expect((await seen.show('goes-green')).ci.state).toBe('green');
    expect(pushesTo(sandbox, 'goes-green')).toBe(1);
  });

  it.each([
    ['waited', 'waits', 1],
    ['was in its fix pass', 'was-fixing', 2],
    ['waited for its fix', 'was-fixed', 1],
    ['had pushed its fix and could not tell', 'was-pushing', 1],
  ])('mends in the next run what %s, on the same thread, and pushes it once', async (_what, repo, passes) => {
    const show = await seen.show(repo);
    expect([show.state, show.ci.state, show.ci.why]).toEqual(['cleaned', 'fixed', expect.any(String)]);
    expect(await remoteSubjects(sandbox, repo)).toEqual([`Mend ${repo}`, `Work on ${repo}`, 'First commit']);
    expect(await remoteGit(sandbox, repo, 'rev-parse', 'HEAD')).toBe(show.landed_sha);
    expect(pushesTo(sandbox, repo)).toBe(2);
    expect(turnsOf(sandbox, repo, 'ci-fix')).toBe(passes);
    expect(new Set(show.turns.map(({ thread }) => thread).filter(Boolean)).size).toBe(1);
  });
});
