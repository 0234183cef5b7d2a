import { describe, expect, it } from 'vitest';
import type { Remembering } from '../domain/remembering.ts';
import { goesWith, settled } from './settle-memory.ts';

const done = { kind: 'done', at: 0, title: 'T', evidence: 'local: check exited 0' } as const;
const item = (more: Partial<Remembering>): Remembering => ({
  id: 'i',
  session: 's1',
  task: 't1',
  waits: true,
  commit: undefined,
  what: done,
  ...more,
});
const incident = {
  kind: 'incident',
  incident: {
    at: 0,
    trigger: 'over-claim',
    title: '',
    impact: '',
    rootCause: '',
    fix: '',
    prevention: '',
    evidence: '',
    confidence: 'high',
  },
} as const;
const both = [
  { sha: 'c1', task: 't1' },
  { sha: 'c2', task: 't2' },
  { sha: 'm', memory: true },
];
const squashed = [{ sha: 'c' }, { sha: 'm', memory: true }];

describe('the commit of something remembered', () => {
  it.each<[what: string, of: Partial<Remembering>, commits: typeof both, commit: string | undefined]>([
    ['of its own task', {}, both, 'c1'],
    ['the last one of the work, without a task', { task: undefined }, both, 'c2'],
    ['the one made of all tasks', {}, squashed as typeof both, 'c'],
    ['none, when its own was dropped from several', { task: 't3' }, both, undefined],
    ['none for an incident of a task that is not there', { task: 't3', what: incident }, both, undefined],
    [
      'none for an incident of a task in a squashed one',
      { what: incident },
      squashed as typeof both,
      undefined,
    ],
    ['the one that was known before', { commit: 'c0' }, both, 'c0'],
  ])('is %s', (_what, of, commits, commit) => {
    expect(settled(item(of), { session: 's1', commits })).toEqual(item({ ...of, waits: false, commit }));
  });

  it('is not looked for in the landing of another session', () => {
    expect(settled(item({}), { session: 's2', commits: both })).toEqual(item({}));
  });
});

it('a landing takes what waits for it, and what waits for nobody', () => {
  const pending = [
    item({ id: 'own' }),
    item({ id: 'others', session: 's2' }),
    item({ id: 'free', session: 's2', waits: false }),
    item({ id: 'nobody', session: undefined, waits: false }),
  ];
  const went = goesWith(pending, { session: 's1', commits: both });
  expect(went.map(({ id, commit }) => [id, commit])).toEqual([
    ['own', 'c1'],
    ['free', undefined],
    ['nobody', undefined],
  ]);
});
