import type { FactContext } from '../domain/fact.ts';
import type { Result } from '../domain/result.ts';

/** The exclusive right to one key, until given back or until its holder is proved dead. */
export interface Lease extends AsyncDisposable {
  readonly key: string;
  /** Grows with each taking of the key. A landing checks that its fence is still the highest. */
  readonly fence: number;
  /** Aborts if the lease is lost while we still believe we hold it. */
  readonly lost: AbortSignal;
  /** False when somebody took the key after us: then nothing may land. */
  stillHighest(): Promise<boolean>;
}

export interface LeaseHeld {
  readonly kind: 'held';
  /** Who holds it, for people: `run 2026… (pid 4711 on host)`. */
  readonly holder: string;
}

/**
 * Keeps two processes off the same repository, over all processes on the machine. `acquire` never waits; that a lease
 * was taken is told with `context`.
 */
export interface Leases {
  acquire(key: string, holder: string, context?: FactContext): Promise<Result<Lease, LeaseHeld>>;
  /** Removes what processes that are proved dead left behind, and that keeps nobody from anything. */
  sweep(): Promise<void>;
}
