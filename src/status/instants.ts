import { type Instant, isoUtc } from '../domain/time.ts';

/** A moment as our JSON has it; null when there is none. */
export function isoOrNull(at: Instant | undefined): string | null {
  return at === undefined ? null : isoUtc(at);
}
