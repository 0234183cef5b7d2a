import { minutes, seconds } from '../../domain/time.ts';

export interface PollAge {
  /** Since the commit was pushed. */
  readonly ageMs: number;
  /** The option `ci_poll_interval_seconds`; the pace below is for its default of 5 s and scales with it. */
  readonly baseMs: number;
  /** Looks in a row that saw nothing new. */
  readonly unchangedPolls: number;
  /** Commits that wait at the same time: together they look at most about five times a second. */
  readonly pending?: number | undefined;
  /** From 0 up to 1. */
  readonly random: number;
}

/** When to look again: soon after the push, seldom when nothing moves, never all at once. */
export function pollDelay({ ageMs, baseMs, unchangedPolls, pending = 1, random }: PollAge): number {
  const scale = baseMs / seconds(5);
  const crowd = pending * Math.min(200, baseMs / 25);
  const jittered = Math.max(pace(ageMs, unchangedPolls, random) * scale, crowd) * (0.9 + 0.2 * random);
  return Math.max(1, Math.round(jittered));
}

function pace(ageMs: number, unchangedPolls: number, random: number): number {
  if (ageMs < seconds(3)) return seconds(3);
  if (ageMs < minutes(1)) return seconds(5);
  if (ageMs < minutes(5) || unchangedPolls === 0) return seconds(10);
  return seconds(20) + seconds(10) * random;
}
