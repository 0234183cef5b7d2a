import { describe, expect, it } from 'vitest';
import type { Repo } from '../domain/repo.ts';
import { callForVisit, whyNoSignal } from './call-for-visit.ts';
import { exitCodeOf } from './exit-code.ts';
import { fingerprint } from './fingerprint.ts';
import { type Candidate, orderVisits } from './order-visits.ts';

const repo = (name: string, pinned = false): Repo => ({
  name,
  path: `/${name}`,
  branch: 'main',
  objective: '',
  lastCommit: undefined,
  pinned,
  ignored: false,
  missing: false,
  options: {},
});
const candidate = (name: string, more: Partial<Candidate> = {}): Candidate => ({
  repo: repo(name),
  ciRed: false,
  operatorTasks: 0,
  lastVisit: 5,
  ...more,
});

it('visits operator tasks, red CI, the never touched, the longest untouched; pins break ties', () => {
  const ordered = orderVisits([
    candidate('recent', { lastVisit: 9 }),
    candidate('b'),
    candidate('pinned', { repo: repo('pinned', true) }),
    candidate('never', { lastVisit: undefined }),
    candidate('red', { ciRed: true, lastVisit: 9 }),
    candidate('asked', { operatorTasks: 1, lastVisit: 9 }),
    candidate('a'),
  ]);
  expect(ordered.map((one) => one.repo.name)).toEqual([
    'asked',
    'red',
    'never',
    'pinned',
    'a',
    'b',
    'recent',
  ]);
});

it.each([
  [
    'something waits for a person',
    { held: 'waits for you: clone review x' },
    'waits for you: clone review x',
  ],
  ['it rests after a failure', { restsUntil: 'noon' }, 'the last visit failed; the next is not before noon'],
  ['its remote is down', { lastState: 'no_work' as const }, 'no signal, and its remote could not be asked'],
  ['nothing is new', { lastState: 'no_work' as const, fingerprint: 'a' }, 'no signal'],
])('a repository is left alone when %s', (_when, known, why) => {
  expect(whyNoSignal({ lastState: undefined, fingerprint: undefined, ...known })).toBe(why);
});

describe('a repository calls for a visit', () => {
  const known = {
    lastState: undefined,
    ci: undefined,
    quietFingerprint: undefined,
    fingerprint: undefined,
    failures: 0,
  };
  it.each([
    ['when it was never visited', known, 1],
    [
      'when CI is red',
      {
        ...known,
        lastState: 'no_work' as const,
        ci: 'red' as const,
        quietFingerprint: 'a',
        fingerprint: 'a',
      },
      1,
    ],
    [
      'when something changed since it was quiet',
      { ...known, lastState: 'no_work' as const, quietFingerprint: 'a', fingerprint: 'b' },
      1,
    ],
    [
      'not when nothing changed since it was quiet',
      { ...known, lastState: 'no_work' as const, quietFingerprint: 'a', fingerprint: 'a' },
      0,
    ],
    [
      'not when the remote could not be asked',
      { ...known, lastState: 'no_work' as const, quietFingerprint: 'a' },
      0,
    ],
    ['not while something waits for a person', { ...known, lastState: 'blocked' as const, held: 'x' }, 0],
    ['not while it rests', { ...known, lastState: 'failed' as const, restsUntil: 'x' }, 0],
    ['after it landed work', { ...known, lastState: 'cleaned' as const }, 1],
    ['after it was skipped', { ...known, lastState: 'skipped' as const }, 1],
    ['after it failed', { ...known, lastState: 'failed' as const }, 1],
  ])('%s', (_when, state, signals) => {
    expect(callForVisit(state)).toHaveLength(signals);
  });
});

it.each([
  ['nothing to complain about', [{ state: 'cleaned', why: '' }], {}, 0],
  ['a failure', [{ state: 'failed', why: '' }], {}, 1],
  [
    'a rejection beside a limit',
    [
      { state: 'rejected', why: '' },
      { state: 'blocked', blockedBy: 'limit', why: '' },
    ],
    {},
    1,
  ],
  ['red CI', [{ state: 'cleaned', why: '' }], { ci: ['red'] }, 1],
  ['a limit', [{ state: 'blocked', blockedBy: 'limit', why: '' }], {}, 3],
  ['a question for a person', [{ state: 'blocked', blockedBy: 'human', why: '' }], {}, 4],
  ['an untyped block', [{ state: 'blocked', why: '' }], {}, 0],
  ['everything held by another process', [{ state: 'skipped', why: '' }], { busy: 1 }, 5],
  ['an interruption', [{ state: 'failed', why: '' }], { interrupted: true }, 130],
] as const)('a run with %s', (_when, ends, more, code) => {
  expect(exitCodeOf({ ends, interrupted: false, busy: 0, ci: [], ...more })).toBe(code);
});

it('a fingerprint tells parts apart that only join differently', () => {
  expect(fingerprint(['ab', 'c'])).not.toBe(fingerprint(['a', 'bc']));
  expect(fingerprint(['ab', 'c'])).toBe(fingerprint(['ab', 'c']));
});
