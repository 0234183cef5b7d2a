import { describe, expect, it } from 'vitest';
import type { CiRun } from '../../domain/ci.ts';
import { minutes, seconds } from '../../domain/time.ts';
import { type CiJudgement, judgeRuns, type Look } from './judge-runs.ts';

function run(change: Partial<CiRun> = {}): CiRun {
  return {
    id: 1,
    workflowId: 10,
    workflow: 'CI',
    path: '.github/workflows/ci.yml',
    event: 'push',
    branch: 'main',
    sha: 'a'.repeat(40),
    status: 'completed',
    conclusion: 'success',
    attempt: 1,
    number: 7,
    url: 'https://x/runs/1',
    createdAt: 0,
    updatedAt: 0,
    ...change,
  };
}

const look: Look = {
  runs: [],
  expected: { kind: 'some', why: 'ci.yml starts on this push' },
  waitedMs: minutes(2),
  graceMs: seconds(90),
  timeoutMs: minutes(15),
  stablePolls: 1,
};
const none = { kind: 'none', why: 'no workflow' } as const;
const unknown = { kind: 'unknown', why: 'ci.yml filters paths' } as const;
const other = run({ id: 2, workflowId: 11, workflow: 'Docs', url: 'https://x/runs/2' });
const late = { waitedMs: minutes(15) };

/** `wait`, `red CI,Docs`, or the verdict. */
function inShort(judged: CiJudgement): string {
  if (judged.kind === 'red') return `red ${judged.runs.map((one) => one.workflow).join(',')}`;
  return judged.kind === 'verdict' ? judged.verdict : judged.kind;
}

describe('runs', () => {
  it.each<[what: string, runs: CiRun[], change: Partial<Look>, judged: string]>([
    ['all passed, seen twice', [run(), other], {}, 'green'],
    ['all passed, seen once', [run(), other], { stablePolls: 0 }, 'wait'],
    ['all passed, long after the time', [run()], { waitedMs: minutes(600) }, 'green'],
    ['one passed, one skipped', [run(), { ...other, conclusion: 'skipped' }], {}, 'green'],
    ['one passed, one neutral', [{ ...other, conclusion: 'neutral' }, run()], {}, 'green'],
    ['all skipped', [run({ conclusion: 'skipped' })], {}, 'no_ci'],
    ['all skipped, seen once', [run({ conclusion: 'skipped' })], { stablePolls: 0 }, 'wait'],
    ['all neutral', [run({ conclusion: 'neutral' })], {}, 'no_ci'],
    ['one queued', [run({ status: 'queued', conclusion: null }), other], {}, 'wait'],
    ['one of a status nobody knows', [run({ status: 'dreaming', conclusion: null })], {}, 'wait'],
    ['one that waits for an approval', [run({ status: 'waiting', conclusion: null })], {}, 'wait'],
    ['one that never finishes', [run({ status: 'in_progress', conclusion: null }), other], late, 'timeout'],
    ['one failed', [run({ conclusion: 'failure' }), other], {}, 'red CI'],
    ['one failed, seen once', [run({ conclusion: 'failure' })], { stablePolls: 0 }, 'red CI'],
    ['one ran out of time', [run({ conclusion: 'timed_out' })], {}, 'red CI'],
    ['one did not start', [run({ conclusion: 'startup_failure' })], {}, 'red CI'],
    ['two failed', [run({ conclusion: 'failure' }), { ...other, conclusion: 'failure' }], {}, 'red CI,Docs'],
    [
      'one failed, one still runs',
      [run({ conclusion: 'failure' }), { ...other, status: 'queued' }],
      {},
      'wait',
    ],
    [
      'one failed, one never ends',
      [run({ conclusion: 'failure' }), { ...other, status: 'queued' }],
      late,
      'red CI',
    ],
    [
      'one failed, one cancelled',
      [run({ conclusion: 'failure' }), { ...other, conclusion: 'cancelled' }],
      {},
      'red CI',
    ],
    ['one cancelled', [run({ conclusion: 'cancelled' }), other], {}, 'infra'],
    ['one that a person has to approve', [run({ conclusion: 'action_required' })], {}, 'infra'],
    ['one stale', [run({ conclusion: 'stale' })], {}, 'infra'],
    ['one that ended with a new word', [run({ conclusion: 'sparkling' })], {}, 'infra'],
    ['one that ended with no word', [run({ conclusion: null })], {}, 'infra'],
    ['asked to run again, not begun', [run({ conclusion: 'failure' })], { rerun: new Map([[1, 1]]) }, 'wait'],
    [
      'asked to run again, begun',
      [run({ status: 'queued', attempt: 2 })],
      { rerun: new Map([[1, 1]]) },
      'wait',
    ],
    [
      'run again and failed',
      [run({ conclusion: 'failure', attempt: 2 })],
      { rerun: new Map([[1, 1]]) },
      'red CI',
    ],
    ['run again and passed', [run({ attempt: 2 })], { rerun: new Map([[1, 1]]) }, 'green'],
    ['asked in vain', [run({ conclusion: 'failure' })], { ...late, rerun: new Map([[1, 1]]) }, 'red CI'],
  ])('%s: %s', (_what, runs, change, judged) => {
    expect(inShort(judgeRuns({ ...look, runs, ...change }))).toBe(judged);
  });

  it('never are green because nothing is to come', () => {
    expect(inShort(judgeRuns({ ...look, runs: [], expected: none }))).toBe('no_ci');
  });

  it.each<[what: string, runs: CiRun[], change: Partial<Look>, words: string]>([
    ['what passed', [run(), other], {}, 'passed: CI, Docs'],
    [
      'what still runs',
      [run({ status: 'queued' }), { ...other, status: 'queued' }],
      {},
      'CI and 1 more is not finished',
    ],
    ['how long it waited', [run({ status: 'waiting' })], late, 'CI waits for an approval after 15 m 0 s'],
    [
      'what was cancelled',
      [run({ conclusion: 'cancelled' })],
      {},
      'CI was cancelled, by a newer push or by a person',
    ],
    [
      'what a person has to do',
      [run({ conclusion: 'action_required' })],
      {},
      'CI waits for a person to approve it on the forge',
    ],
    [
      'the word it does not know',
      [run({ conclusion: 'stale' })],
      {},
      'CI ended with “stale”, which we cannot read as a pass',
    ],
    [
      'that there was no word',
      [run({ conclusion: null })],
      {},
      'CI ended with “nothing”, which we cannot read as a pass',
    ],
    [
      'that nothing was tested',
      [run({ conclusion: 'skipped' })],
      {},
      'every run was skipped or neutral: nothing was tested',
    ],
  ])('say %s', (_what, runs, change, words) => {
    const judged = judgeRuns({ ...look, runs, ...change });
    expect('why' in judged ? judged.why : 'because' in judged && judged.because).toBe(words);
  });

  it('name the run that decided', () => {
    const cancelled = { ...other, conclusion: 'cancelled' };
    expect(judgeRuns({ ...look, runs: [run(), cancelled] })).toMatchObject({ url: 'https://x/runs/2' });
    expect(judgeRuns({ ...look, runs: [run({ conclusion: 'skipped' })] })).toMatchObject({
      url: 'https://x/runs/1',
    });
  });
});

describe('no run at all', () => {
  const external = (state: 'none' | 'pending' | 'success' | 'failure') => ({
    state,
    what: 'Vercel',
    url: 'https://v',
  });

  it.each<[what: string, change: Partial<Look>, judged: string]>([
    ['shortly after the push', { waitedMs: seconds(30), expected: none }, 'wait'],
    ['though one should come', {}, 'wait'],
    ['though one should have come', late, 'ci_missing'],
    ['and none was to come', { expected: none }, 'no_ci'],
    ['and nobody knows whether one should', { expected: unknown }, 'wait'],
    ['and nobody knew whether one should', { expected: unknown, ...late }, 'no_ci'],
    ['and others have nothing either', { expected: none, external: external('none') }, 'no_ci'],
    ['and others are at work', { expected: none, external: external('pending') }, 'wait'],
    ['and others never finish', { expected: none, external: external('pending'), ...late }, 'timeout'],
    ['and others passed', { expected: none, external: external('success') }, 'green'],
    ['and others passed just now', { expected: none, external: external('success'), stablePolls: 0 }, 'wait'],
    ['and others failed', { expected: unknown, external: external('failure') }, 'red'],
    ['and others passed, though Actions should come', { external: external('success') }, 'wait'],
  ])('%s: %s', (_what, change, judged) => {
    expect(inShort(judgeRuns({ ...look, ...change }))).toBe(judged);
  });

  it('says why', () => {
    expect(judgeRuns({ ...look, ...late })).toEqual({
      kind: 'verdict',
      verdict: 'ci_missing',
      why: 'no run came in 15 m 0 s, though ci.yml starts on this push',
      url: undefined,
    });
    expect(judgeRuns({ ...look, expected: none, external: external('failure') })).toEqual({
      kind: 'verdict',
      verdict: 'red',
      why: 'Vercel failed, outside Actions: no log to read',
      url: 'https://v',
    });
  });
});
