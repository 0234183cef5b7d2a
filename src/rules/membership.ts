import type { Repo } from '../domain/repo.ts';
import { hours, type Instant, spoken } from '../domain/time.ts';

/** What is known of when anybody last worked on a repository. */
export interface LastWork {
  /** Newest of the last commit and the last local ref movement that is not the clone itself. */
  readonly lastActive: Instant | undefined;
  /** What the remote says, when a token is there. */
  readonly remotePushedAt?: Instant | undefined;
}

export interface ActivityWindow {
  readonly now: Instant;
  readonly days: number;
}

/** Whether a repository belongs to the portfolio's work, by which rule, and in words. */
export interface Membership {
  readonly in: boolean;
  readonly reason: 'ignored' | 'missing' | 'pinned' | 'active' | 'quiet' | 'no-commits';
  readonly why: string;
}

/** True when somebody worked on it within the window. */
export function isActive(work: LastWork, { now, days }: ActivityWindow): boolean {
  const last = lastWorked(work);
  return last !== undefined && last >= now - hours(24 * days);
}

/** Ignored repositories are never in, pinned ones always; the others while they are active. `work`: undefined when nothing is at the path. */
export function membershipOf(
  repo: Pick<Repo, 'pinned' | 'ignored' | 'path'>,
  work: LastWork | undefined,
  window: ActivityWindow,
): Membership {
  if (repo.ignored)
    return { in: false, reason: 'ignored', why: 'out: it is ignored (ignored: true in repos.yaml)' };
  if (!work) return { in: false, reason: 'missing', why: `out: there is no repository at ${repo.path}` };
  if (repo.pinned)
    return { in: true, reason: 'pinned', why: 'in: it is pinned (pinned: true in repos.yaml)' };
  const last = lastWorked(work);
  if (last === undefined)
    return { in: false, reason: 'no-commits', why: 'out: it has no commits yet, and is not pinned' };
  const since = `last worked on ${ago(last, window.now)}`;
  if (isActive(work, window))
    return { in: true, reason: 'active', why: `in: ${since}, within ${window.days} days` };
  return { in: false, reason: 'quiet', why: `out: ${since}, more than ${window.days} days, and not pinned` };
}

/** `3 h 10 m ago`; a clock that is ahead of ours says `just now`. */
export function ago(then: Instant, now: Instant): string {
  return then >= now ? 'just now' : `${spoken(now - then)} ago`;
}

/** When anybody worked on it last, here or elsewhere; undefined: nobody ever did. */
export function lastWorked({ lastActive, remotePushedAt }: LastWork): Instant | undefined {
  if (lastActive === undefined || remotePushedAt === undefined) return lastActive ?? remotePushedAt;
  return Math.max(lastActive, remotePushedAt);
}
