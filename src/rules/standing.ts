import type { BlockedBy } from '../domain/failure.ts';
import type { SessionState } from '../domain/session-state.ts';
import type { Instant } from '../domain/time.ts';

/**
 * How the visits to a repository have gone, which decides how soon it is looked at again. `fresh`: nothing is held
 * against it, because it was never visited, or a person has acted since, or its last visit was cut short.
 */
export type Standing = 'fresh' | 'productive' | 'quiet' | 'failing' | 'blocked';

/** The last visit, as far as its standing goes. */
export interface LastVisit {
  readonly state: SessionState;
  readonly blockedBy: BlockedBy | undefined;
  readonly at: Instant;
  /** Failed visits in a row. */
  readonly failures: number;
}

export function standingOf(last: LastVisit | undefined, personActed: boolean): Standing {
  if (last === undefined) return 'fresh';
  switch (last.state) {
    case 'pushed':
    case 'cleaned':
      return 'productive';
    case 'no_work':
      return 'quiet';
    case 'blocked':
      return personActed ? 'fresh' : 'blocked';
    case 'failed':
    case 'rejected':
      return personActed || last.failures === 0 ? 'fresh' : 'failing';
    case 'queued':
    case 'setup':
    case 'active':
    case 'completed_unreviewed':
    case 'accepted':
    case 'merged':
    case 'skipped':
    case 'interrupted':
    case 'abandoned':
      return 'fresh';
  }
}
