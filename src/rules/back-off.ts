import type { RemoteLook } from '../domain/fingerprint.ts';
import { hours, type Instant, minutes } from '../domain/time.ts';
import type { LastVisit, Standing } from './standing.ts';

/**
 * When a repository may be visited again as its standing goes, if something calls for it; undefined: at once. A run
 * that a person starts tries again what failed once or twice: only from the third time on the rest outlives a run.
 */
export function restsUntil(
  standing: Standing,
  last: LastVisit | undefined,
  runBegan: Instant | undefined,
): Instant | undefined {
  if (last === undefined || last.failures <= 0) return undefined;
  if (last.failures < lastingFailures && (runBegan === undefined || last.at < runBegan)) return undefined;
  switch (standing) {
    case 'fresh':
    case 'productive':
    case 'quiet':
      return undefined;
    case 'failing':
      return last.at + doubled(minutes(10), last.failures);
    case 'blocked':
      return last.blockedBy === 'agent'
        ? last.at + doubled(minutes(10), last.failures)
        : last.at + doubled(hours(1), last.failures);
  }
}

const lastingFailures = 3;

/**
 * When a quiet remote that nobody tells us about is asked again: an hour after the last time, doubled each time; one that
 * did not answer is tried sooner.
 */
export function asksAgainAt(asked: Pick<RemoteLook, 'askedAt' | 'asks' | 'problem'>): Instant {
  const first = asked.problem === undefined ? hours(1) : minutes(10);
  return asked.askedAt + doubled(first, asked.asks + 1);
}

/** The first time, twice that, and so on; a day at most. */
function doubled(first: number, times: number): number {
  return Math.min(hours(24), first * 2 ** (times - 1));
}
