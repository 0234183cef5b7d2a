import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CloneRun } from '../../testkit/sandbox/run-clone.ts';
import { type Sandbox, startSandbox } from '../../testkit/sandbox/sandbox.ts';
import {
  expectClean,
  expectRun,
  goodWork,
  handoff,
  mirrorGit,
  plan,
  quickCheck,
  remoteFile,
  remoteSubjects,
  repoFiles,
  showJson,
  turn,
} from './support.ts';

const bad = { write: { path: 'start.txt', content: 'BAD\n' } };
const good = { write: { path: 'start.txt', content: 'better\n' } };
const tests = { text: 'All tests pass.', how: 'ran them twice' };

const besideRed = [
  { text: 'All checks are green', how: 'sh check.sh' },
  { text: 'The other tests pass', how: 'sh second.sh' },
];

describe('a task whose checks are red', () => {
  let sandbox: Sandbox;
  let run: CloneRun;

  beforeAll(async () => {
    sandbox = await startSandbox({
      repos: [
        { name: 'one-bad', files: repoFiles() },
        { name: 'all-bad', files: repoFiles(), entry: { verify_fix_attempts: 0 } },
        { name: 'mended', files: repoFiles() },
        { name: 'red-before', files: repoFiles({ 'old.txt': 'BAD\n', 'second.sh': 'test -f start.txt\n' }) },
        { name: 'optional', files: repoFiles() },
        { name: 'slow', files: repoFiles() },
        { name: 'single', files: repoFiles(), entry: { session_mode: 'single' } },
      ].map((repo) => ({ ...repo, entry: { ...quickCheck, ...repo.entry, ...own[repo.name] } })),
      scenarios: [
        turn('one-bad', 'plan', [{ json: plan('Bad one', 'Good one') }]),
        turn('one-bad', 'task', [bad, { json: handoff('Break it', { claims: [tests] }) }], {
          task: 'bad-one',
        }),
        turn('one-bad', 'repair', [
          { run: 'echo tried >> notes.txt' },
          { json: handoff('Try again', { claims: [{ text: 'Reads well.', how: '' }] }) },
        ]),
        ...goodWork('one-bad').slice(1),
        turn('all-bad', 'plan', [{ json: plan('Bad one') }]),
        turn('all-bad', 'task', [bad, { json: handoff('Break it') }]),
        turn('mended', 'plan', [{ json: plan('Mend me') }]),
        turn('mended', 'task', [bad, { json: handoff('Write it wrong') }]),
        turn(
          'mended',
          'repair',
          [{ expect: { prompt: 'start.txt' } }, bad, { json: handoff('Still wrong') }],
          {
            call: 1,
          },
        ),
        turn('mended', 'repair', [good, { json: handoff('Write it right') }], { call: 2 }),
        turn('red-before', 'plan', [{ json: plan('Good one', 'Breaks the second') }]),
        turn('red-before', 'task', [{ run: 'rm start.txt' }, { json: handoff('Remove it') }], {
          task: 'breaks-the-second',
        }),
        turn(
          'red-before',
          'task',
          [
            { write: { path: 'good-one.txt', content: 'good\n' } },
            { json: handoff('Do good-one', { claims: besideRed }) },
          ],
          { task: 'good-one' },
        ),
        turn('red-before', 'repair', [{ json: handoff('Do nothing') }]),
        ...goodWork('optional', 'Good one'),
        ...goodWork('slow', 'Good one'),
        turn('slow', 'repair', [{ json: handoff('Do nothing') }]),
        turn('single', 'task', [
          { expect: { prompt: 'at most 10 small tasks' } },
          { write: { path: 'single.txt', content: 'good\n' } },
          { json: handoff('Do all of it') },
        ]),
      ],
      options: { parallel_repos: 3, ci_grace_seconds: 0 },
    });
    run = await sandbox.clone(['run']);
  }, 180_000);
  afterAll(() => sandbox[Symbol.asyncDispose]());

  it('makes the run end with 1 when it sank a session, and leaves nothing behind', async () => {
    expectRun(run, 1);
    await expectClean(sandbox);
    expect(sandbox.model.problems).toEqual([]);
  });

  it('is taken out after its repairs, and the next one lands from green', async () => {
    const shown = await showJson(sandbox, 'one-bad');
    expect(shown.state).toBe('cleaned');
    expect(shown.tasks.map(({ id, state, why }) => [id, state, why])).toEqual([
      ['bad-one', 'rejected', 'check still red after 2 repair turns'],
      ['good-one', 'done', 'Do good-one.'],
    ]);
    expect(shown.turns.map(({ kind }) => kind)).toEqual(['plan', 'task', 'repair', 'repair', 'task']);
    expect(await remoteSubjects(sandbox, 'one-bad')).toEqual(['Do good-one', 'First commit']);
    expect(await remoteFile(sandbox, 'one-bad', 'start.txt')).toBe('good');
    expect(await remoteFile(sandbox, 'one-bad', 'notes.txt')).toBeUndefined();
  });

  it('is kept under a ref that show names', async () => {
    const shown = await showJson(sandbox, 'one-bad');
    const ref = `refs/clone/salvage/${shown.session}/bad-one`;
    expect(shown.salvage).toMatchObject([{ ref }]);
    expect((await sandbox.clone(['show', 'one-bad'])).stdout).toContain(ref);
    expect(await mirrorGit(sandbox, 'one-bad', 'show', `${ref}:start.txt`)).toBe('BAD');
  });

  it('is an over-claim when the agent said that its tests pass, and not when it said something else', async () => {
    expect((await showJson(sandbox, 'one-bad')).over_claims).toEqual([
      { claim: 'All tests pass. (ran them twice)', saw: 'check (`sh check.sh`) ended with exit 1' },
    ]);
    expect(run.stdout).toMatch(/one-bad: over-claim/);
  });

  it('is an over-claim also where what it says is green was red before us', async () => {
    expect((await showJson(sandbox, 'red-before')).over_claims).toEqual([
      {
        claim: 'All checks are green (sh check.sh)',
        saw: 'check (`sh check.sh`) ended with exit 1, red before us',
      },
    ]);
  });

  it('sinks the session only when it was the only one', async () => {
    const shown = await showJson(sandbox, 'all-bad');
    expect(shown).toMatchObject({ state: 'rejected', landed_sha: null, tasks: [{ state: 'rejected' }] });
    expect(shown.turns.map(({ kind }) => kind)).toEqual(['plan', 'task']);
    expect(await remoteSubjects(sandbox, 'all-bad')).toEqual(['First commit']);
  });

  it('lands as one commit when a repair mends it', async () => {
    const shown = await showJson(sandbox, 'mended');
    expect(shown.turns.map(({ kind }) => kind)).toEqual(['plan', 'task', 'repair', 'repair']);
    expect(shown.evidence.map(({ exit_code }) => exit_code)).toEqual([1, 1, 0]);
    expect(await remoteSubjects(sandbox, 'mended')).toEqual(['Write it right', 'First commit']);
    expect(await remoteFile(sandbox, 'mended', 'start.txt')).toBe('better');
  });

  it('does not answer for what was red before us, but for what it broke itself', async () => {
    const shown = await showJson(sandbox, 'red-before');
    expect(shown.tasks.map(({ id, state }) => [id, state])).toEqual([
      ['good-one', 'done'],
      ['breaks-the-second', 'rejected'],
    ]);
    expect(shown.evidence[0]).toMatchObject({ check: 'check', exit_code: 1, note: 'red before us' });
    expect(await remoteSubjects(sandbox, 'red-before')).toEqual(['Do good-one', 'First commit']);
    expect(await remoteFile(sandbox, 'red-before', 'start.txt')).toBe('good');
  });

  it('lands when the red check is not a required one', async () => {
    const shown = await showJson(sandbox, 'optional');
    expect(shown).toMatchObject({ state: 'cleaned', tasks: [{ state: 'done' }] });
    expect(shown.evidence.map(({ check, exit_code }) => [check, exit_code])).toEqual([
      ['nice', 3],
      ['check', 0],
    ]);
  });

  it('is taken out when a check takes longer than it may', async () => {
    const shown = await showJson(sandbox, 'slow');
    expect(shown).toMatchObject({ state: 'rejected', tasks: [{ state: 'rejected' }] });
    expect(shown.evidence[0]).toMatchObject({ exit_code: null, note: 'ended after its limit of 1 s' });
  });

  it('can be a whole session in one turn', async () => {
    const shown = await showJson(sandbox, 'single');
    expect(shown).toMatchObject({ state: 'cleaned', tasks: [{ id: 'session', state: 'done' }] });
    expect(shown.turns.map(({ kind }) => kind)).toEqual(['task']);
    expect(await remoteSubjects(sandbox, 'single')).toEqual(['Do all of it', 'First commit']);
    expect(await remoteFile(sandbox, 'single', 'single.txt')).toBe('good');
  });
});

const own: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'red-before': { verify: [...quickCheck.verify, { name: 'second', run: 'sh second.sh' }] },
  optional: {
    verify: [
      { name: 'nice', run: 'test ! -f good-one.txt || exit 3', required: false },
      ...quickCheck.verify,
    ],
  },
  slow: {
    verify: [{ name: 'slow', run: 'test ! -f good-one.txt || sleep 98765', timeout: 1 }],
    verify_fix_attempts: 1,
  },
};
