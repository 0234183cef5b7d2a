import { expect, it } from 'vitest';
import type { Repo } from '../domain/repo.ts';
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
