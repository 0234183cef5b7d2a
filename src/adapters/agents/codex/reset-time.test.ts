import { expect, it } from 'vitest';

import { resetTimeInWords } from './reset-time.ts';

const tokyo = 'Asia/Tokyo';
const newYork = 'America/New_York';
const now = '2026-11-21T01:35:23Z';

it.each<[text: string, timeZone: string, now: string, until: string]>([
  ['hit your usage limit. Try again at 12:35 PM.', tokyo, now, '2026-11-21T03:36:00Z'],
  ['purchase more credits or try again at 11:53 PM.', newYork, now, '2026-11-21T04:54:00Z'],
  ['try again at 11:53 PM.', 'UTC', now, '2026-11-21T23:54:00Z'],
  ['try again at Nov 21st, 2026 12:02 AM.', newYork, now, '2026-11-21T05:03:00Z'],
  ['try again at Nov 22nd, 2026 12:02 PM.', tokyo, now, '2026-11-22T03:03:00Z'],
  ['try again at Nov 23rd, 2026 9:05 AM.', 'UTC', now, '2026-11-23T09:06:00Z'],
  ['try again at Jul 4th, 2026 1:00 PM.', newYork, '2026-07-03T12:00:00Z', '2026-07-04T17:01:00Z'],
  ['try again at Mar 8th, 2026 3:30 AM.', newYork, '2026-03-08T04:00:00Z', '2026-03-08T07:31:00Z'],
  ['try again at 11:59 PM.', tokyo, '2026-11-21T15:00:02Z', '2026-11-21T15:00:00Z'],
  ['try again at 12:10 AM.', newYork, '2026-11-21T05:05:00Z', '2026-11-21T05:11:00Z'],
  ['Please try again in 20s.', 'UTC', now, '2026-11-21T01:35:43Z'],
  ['try again in 1.5s', 'UTC', now, '2026-11-21T01:35:24.500Z'],
  ['try again in 1h2m3s', 'UTC', now, '2026-11-21T02:37:26Z'],
  ['try again in 250ms', 'UTC', now, '2026-11-21T01:35:23.250Z'],
  ['try again in 2 days 3 hours', 'UTC', now, '2026-11-23T04:35:23Z'],
])('hears "%s" in %s at %s', (text, timeZone, at, until) => {
  expect(resetTimeInWords(text, Date.parse(at), timeZone)).toBe(Date.parse(until));
});

it.each([
  'Try again later.',
  '',
  'try again at noon',
  'try again at Foo 21st, 2026 12:02 AM.',
  'try again in a while',
])('hears no time in "%s"', (text) => {
  expect(resetTimeInWords(text, Date.parse(now), 'UTC')).toBeUndefined();
});
