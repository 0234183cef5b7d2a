import { expect, it } from 'vitest';
import { hours, type Instant, minutes } from '../domain/time.ts';
import { asksAgainAt, restsUntil } from './back-off.ts';
import { type LastVisit, type Standing, standingOf } from './standing.ts';

const at: Instant = 1_000_000_000;
const last = (more: Partial<LastVisit> = {}): LastVisit => ({
  state: 'failed',
  blockedBy: undefined,
  at,
  failures: 1,
  ...more,
});

it.each<[when: string, last: LastVisit | undefined, acted: boolean, Standing]>([
  ['was never visited', undefined, false, 'fresh'],
  ['landed work', last({ state: 'cleaned', failures: 0 }), false, 'productive'],
  ['landed work, and a person acted', last({ state: 'cleaned', failures: 0 }), true, 'productive'],
  ['pushed and still has its workspace', last({ state: 'pushed', failures: 0 }), false, 'productive'],
  ['had nothing to do', last({ state: 'no_work', failures: 0 }), false, 'quiet'],
  ['failed', last(), false, 'failing'],
  ['failed, and a person acted', last(), true, 'fresh'],
  ['was rejected by its checks', last({ state: 'rejected', failures: 2 }), false, 'failing'],
  ['was rejected by a person', last({ state: 'rejected', failures: 0 }), false, 'fresh'],
  ['is blocked', last({ state: 'blocked', blockedBy: 'access' }), false, 'blocked'],
  ['is blocked, and a person acted', last({ state: 'blocked', blockedBy: 'access' }), true, 'fresh'],
  ['was interrupted', last({ state: 'interrupted', failures: 0 }), false, 'fresh'],
  ['was left open by a run that died', last({ state: 'active', failures: 0 }), false, 'fresh'],
])('a repository that %s', (_when, visit, acted, standing) => {
  expect(standingOf(visit, acted)).toBe(standing);
});

it.each<[standing: Standing, what: string, visit: Partial<LastVisit>, rest: number | undefined]>([
  ['fresh', 'after a failure', { failures: 1 }, undefined],
  ['productive', 'after landing', { failures: 0 }, undefined],
  ['quiet', 'after nothing to do', { failures: 0 }, undefined],
  ['failing', 'once', { failures: 1 }, minutes(10)],
  ['failing', 'twice', { failures: 2 }, minutes(20)],
  ['failing', 'four times', { failures: 4 }, minutes(80)],
  ['failing', 'without end', { failures: 50 }, hours(24)],
  ['blocked', 'by access, once', { failures: 1, blockedBy: 'access' }, hours(1)],
  ['blocked', 'by its environment, three times', { failures: 3, blockedBy: 'environment' }, hours(4)],
  ['blocked', 'by the agent, once', { failures: 1, blockedBy: 'agent' }, minutes(10)],
  ['blocked', 'by a limit of the account', { failures: 0, blockedBy: 'limit' }, undefined],
  ['blocked', 'by a person who has to decide', { failures: 0, blockedBy: 'human' }, undefined],
])('a %s repository, %s', (standing, _what, visit, rest) => {
  expect(restsUntil(standing, last(visit), at - 1)).toBe(rest === undefined ? undefined : at + rest);
});

it.each<[when: string, failures: number, runBegan: Instant | undefined, rests: boolean]>([
  ['failed once in this run', 1, at - 1, true],
  ['failed once before this run', 1, at + 1, false],
  ['failed twice before this run', 2, at + 1, false],
  ['failed three times before this run', 3, at + 1, true],
  ['failed once, and nobody runs', 1, undefined, false],
  ['failed three times, and nobody runs', 3, undefined, true],
])('a repository that %s rests: %#', (_when, failures, runBegan, rests) => {
  expect(restsUntil('failing', last({ failures }), runBegan) !== undefined).toBe(rests);
});

it.each<[asks: number, problem: string | undefined, rest: number]>([
  [0, undefined, hours(1)],
  [1, undefined, hours(2)],
  [3, undefined, hours(8)],
  [4, undefined, hours(16)],
  [5, undefined, hours(24)],
  [90, undefined, hours(24)],
  [1, 'no route to it', minutes(20)],
  [90, 'no route to it', hours(24)],
])(
  'a quiet remote that was asked %i times (problem: %s) is asked again after %i ms',
  (asks, problem, rest) => {
    expect(asksAgainAt({ askedAt: at, asks, problem })).toBe(at + rest);
  },
);
