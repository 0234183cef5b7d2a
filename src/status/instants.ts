import { type Instant, isoUtc } from '../domain/time.ts';

/** A moment as our JSON has it; null when there is none. */
export function isoOrNull(at: Instant | undefined): string | null {
  return at === undefined ? null : isoUtc(at);
}

/** A length of time as our JSON has it: nobody measured what comes after milliseconds. */
export function inMilliseconds(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
