import type { Instant } from '../domain/time.ts';

/** The time, and waiting for it. */
export interface Clock {
  now(): Instant;
  /** Resolves after `milliseconds`, or at once when `stop` aborts. Never rejects. */
  sleep(milliseconds: number, stop?: AbortSignal): Promise<void>;
}
