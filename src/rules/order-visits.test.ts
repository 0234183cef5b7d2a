import { expect, it } from 'vitest';
import type { Repo } from '../domain/repo.ts';
import { exitCodeOf } from './exit-code.ts';
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
