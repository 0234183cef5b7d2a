import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CloneRun } from '../../testkit/sandbox/run-clone.ts';
import type { Sandbox } from '../../testkit/sandbox/sandbox.ts';
import {
  ciFiles,
  humanResets,
  open,
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
  remoteFile,
  remoteGit,
  remoteSubjects,
  repoFiles,
  statusJson,
  turn,
} from './support.ts';

const red = { 'ours.txt': 'RED\n' };
const passesOff = { ci_max_fix_attempts: 0 };

describe('a landing that is to be taken back when CI stays red', () => {
  let sandbox: Sandbox;
  let again: CloneRun;
  let seen: Seen;

  const watched = ['idle-fix', 'taken-away', 'was-waiting', 'stays-red', 'was-pushing'];

  beforeAll(async () => {
    sandbox = await sandboxAt((folder) => {
      const whenReverted = (then: string): string =>
        workflow({
          Test: `if [ ! -e ours.txt ]; then ${waitingFor(folder, 'reverted')}; ${then}; fi\nsh ci.sh`,
        });
      return {
        options: { ...quickRun, ci_rerun_failed_once: false, ci_on_exhausted: 'revert' },
        repos: [
          { name: 'bystander', files: repoFiles() },
          { name: 'idle-fix', files: ciFiles() },
          {
            name: 'taken-away',
            files: ciFiles({}, workflow({ Test: `${waitingFor(folder, 'reset')}\nsh ci.sh` })),
          },
          { name: 'was-waiting', files: ciFiles({}, whenReverted('true')), entry: passesOff },
          { name: 'stays-red', files: ciFiles({}, whenReverted('exit 1')), entry: passesOff },
          { name: 'was-pushing', files: ciFiles(), entry: passesOff },
        ],
        scenarios: [
          turn('bystander', 'task', [{ json: handoff('Nothing', { status: 'skipped' }) }]),
          ...watched.map((repo) => works(repo, red)),
          turn('idle-fix', 'ci-fix', [
            { json: handoff('Nothing', { status: 'blocked', summary: 'I do not see it.' }) },
          ]),
        ],
      };
    });
    const first = startClone(sandbox, ['run', ...watched.flatMap((repo) => ['--repo', repo])]);
    const statesOf = async (): Promise<(repo: string) => unknown[]> => {
      const { ci } = await statusJson(sandbox);
      return (repo) => ci.filter((one) => one.repo === repo).map(({ state }) => state);
    };
    await until('the landing that is taken away', async () => (await statesOf())('taken-away').length === 1);
    await humanResets(sandbox, 'taken-away');
    await open(sandbox, 'reset');
    await until('the revert', () => pushesTo(sandbox, 'was-pushing') === 2, 5);
    sandbox.github.fault({ method: 'GET', path: '/alice/was-pushing.git/info/refs', delayMs: 60_000 });
    await until('all the others', async () => {
      const states = await statesOf();
      return (
        states('was-waiting').length === 2 &&
        states('stays-red').length === 2 &&
        states('idle-fix').includes('reverted') &&
        states('taken-away').includes('red')
      );
    });
    first.child.kill('SIGKILL');
    expect((await first.done).signal).toBe('SIGKILL');
    sandbox.github.clearFaults();
    await open(sandbox, 'reverted');
    again = await sandbox.clone(['run', '--repo', 'bystander']);
    seen = seenIn(sandbox);
  }, 150_000);

  afterAll(async () => {
    await sandbox[Symbol.asyncDispose]();
  });

  it('ends the run that brings its watch to an end with 1, and leaves nothing open', async () => {
    expectRun(again, 1);
    await expectClean(sandbox);
    expect(sandbox.model.problems).toEqual([]);
    expect((await seen.status()).ci.filter(({ state }) => ['pending', 'fixing'].includes(state))).toEqual([]);
  });

  it.each([
    ['whose fix pass landed nothing', 'idle-fix', /changed nothing: I do not see it/, 1],
    ['whose run died while CI of that was waited for', 'was-waiting', /taken back/, 0],
    ['whose run died before it could tell of the push', 'was-pushing', /fix passes are off/, 0],
    ['and is red even so', 'stays-red', /taken back/, 0],
  ])('%s is taken back once', async (_what, repo, why, passes) => {
    const { ci, commits } = await seen.show(repo);
    expect([ci.state, ci.attempts, ci.why]).toEqual(['reverted', passes, expect.stringMatching(why)]);
    expect(await remoteSubjects(sandbox, repo)).toEqual([
      expect.stringMatching(/^Revert [0-9a-f]{12}: CI stayed red$/),
      `Work on ${repo}`,
      'First commit',
    ]);
    expect(await remoteFile(sandbox, repo, 'ours.txt')).toBeUndefined();
    expect(commits.map(({ sha }) => sha)).toEqual([expect.any(String), ci.sha]);
    expect(ci.sha).toBe(await remoteGit(sandbox, repo, 'rev-parse', 'HEAD'));
    expect(pushesTo(sandbox, repo)).toBe(2);
    expect(turnsOf(sandbox, repo, 'ci-fix')).toBe(passes);
  });

  it('needs a person where the branch is red even so', async () => {
    const { repos, needs_you: needs } = await seen.status();
    const ci = (name: string): unknown => repos.find((repo) => repo.name === name)?.ci;
    expect([ci('stays-red'), ci('was-waiting'), ci('was-pushing')]).toEqual(['red', 'reverted', 'reverted']);
    expect(needs.map(({ repo, what }) => [repo, what])).toContainEqual(['stays-red', 'ci_red']);
  });

  it('is neither mended nor brought back where somebody took it off the branch', async () => {
    expect((await seen.show('taken-away')).ci.why).toMatch(/somebody took [0-9a-f]{7} off main/);
    expect(await remoteSubjects(sandbox, 'taken-away')).toEqual(['First commit']);
    expect(turnsOf(sandbox, 'taken-away', 'ci-fix')).toBe(0);
  });
});
