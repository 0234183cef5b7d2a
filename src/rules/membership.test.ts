import { expect, it } from 'vitest';

import { hours } from '../domain/time.ts';
import { ago, isActive, type LastWork, type Membership, membershipOf } from './membership.ts';

const now = Date.parse('2026-11-20T21:00:00Z');
const window = { now, days: 60 };
const daysAgo = (days: number): number => now - hours(24 * days);
const plain = { path: '/code/api', pinned: false, ignored: false };

it.each<[what: string, work: LastWork, active: boolean]>([
  ['worked on today', { lastActive: now }, true],
  ['worked on at the edge of the window', { lastActive: daysAgo(60) }, true],
  ['worked on just before it', { lastActive: daysAgo(60) - 1 }, false],
  ['quiet here and pushed to elsewhere', { lastActive: daysAgo(90), remotePushedAt: daysAgo(2) }, true],
  ['worked on here and quiet elsewhere', { lastActive: daysAgo(2), remotePushedAt: daysAgo(90) }, true],
  ['known from the remote only', { lastActive: undefined, remotePushedAt: daysAgo(2) }, true],
  ['without any commit', { lastActive: undefined }, false],
  ['dated in the future', { lastActive: daysAgo(-3) }, true],
])('a repository %s is active: %s', (_what, work, active) => {
  expect(isActive(work, window)).toBe(active);
});

it.each<
  [what: string, repo: Partial<typeof plain>, work: LastWork | undefined, Pick<Membership, 'in' | 'reason'>]
>([
  ['active', {}, { lastActive: daysAgo(1) }, { in: true, reason: 'active' }],
  ['quiet', {}, { lastActive: daysAgo(61) }, { in: false, reason: 'quiet' }],
  ['empty', {}, { lastActive: undefined }, { in: false, reason: 'no-commits' }],
  ['gone', {}, undefined, { in: false, reason: 'missing' }],
  ['pinned and quiet', { pinned: true }, { lastActive: daysAgo(900) }, { in: true, reason: 'pinned' }],
  ['pinned and empty', { pinned: true }, { lastActive: undefined }, { in: true, reason: 'pinned' }],
  ['pinned and gone', { pinned: true }, undefined, { in: false, reason: 'missing' }],
  ['ignored and active', { ignored: true }, { lastActive: now }, { in: false, reason: 'ignored' }],
  [
    'ignored and pinned',
    { ignored: true, pinned: true },
    { lastActive: now },
    { in: false, reason: 'ignored' },
  ],
])('a repository that is %s', (_what, marks, work, standing) => {
  expect(membershipOf({ ...plain, ...marks }, work, window)).toMatchObject(standing);
});

it('says in words why it is out', () => {
  expect(membershipOf(plain, { lastActive: daysAgo(61) }, window).why).toBe(
    'out: last worked on 61 d 0 h ago, more than 60 days, and not pinned',
  );
});

it('does not speak of the future', () => {
  expect(ago(now + 5, now)).toBe('just now');
});
