import type { Instant } from '../../domain/time.ts';
import type { ForgeFailure } from '../../ports/forge.ts';

export type Headers = Readonly<Record<string, string | number | undefined>>;

/** What went wrong with a request, as far as we have an answer. */
export interface Refusal {
  /** Undefined: there was no answer at all. */
  readonly status: number | undefined;
  readonly headers: Headers;
  readonly message: string;
}

/** Reads what Octokit throws; undefined: that was not about the request, but a bug. */
export function readRefusal(error: unknown): Refusal | undefined {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined;
  const response: unknown = 'response' in error ? error.response : undefined;
  const answered = typeof response === 'object' && response !== null;
  const headers = answered && 'headers' in response ? (response.headers as Headers) : {};
  const message = shorten(error.message);
  return { status: answered ? error.status : undefined, headers, message };
}

/** Whether the same question may be asked again at once. */
export function isPassing(refusal: Refusal): boolean {
  return refusal.status === undefined || refusal.status >= 500;
}

/** Turns a refusal into the failure that the port knows. `strikes`: limits hit in a row, this one included. */
export function failureOf(refusal: Refusal, now: Instant, strikes: number): ForgeFailure {
  const { status, message } = refusal;
  if (isPassing(refusal)) return { kind: 'unavailable', message };
  const until = limitedUntil(refusal, now, strikes);
  if (until !== undefined) return { kind: 'later', until, message };
  if (status === 404 || status === 410) return { kind: 'gone', message };
  const refused = { kind: 'access' as const, message: `${String(status)}: ${message}` };
  return status === 401 ? { ...refused, unknownToken: true } : refused;
}

/** Limits answer 403 or 429, and are told from a missing right by their headers or their words. */
function limitedUntil(refusal: Refusal, now: Instant, strikes: number): Instant | undefined {
  const { status, headers, message } = refusal;
  if (status !== 403 && status !== 429) return undefined;
  const after = Number(headers['retry-after']);
  if (headers['retry-after'] !== undefined && Number.isFinite(after)) return now + Math.max(1, after) * 1000;
  if (String(headers['x-ratelimit-remaining']) === '0') return resetOf(headers, now) ?? now + 60_000;
  if (status === 429 || /secondary rate|abuse|rate limit/i.test(message)) {
    return now + 60_000 * 2 ** Math.min(strikes - 1, 5);
  }
  return undefined;
}

/** When the hourly budget is full again, by our clock: the forge's own clock is in its `date`. */
export function resetOf(headers: Headers, now: Instant): Instant | undefined {
  const reset = Number(headers['x-ratelimit-reset']);
  if (headers['x-ratelimit-reset'] === undefined || !Number.isFinite(reset)) return undefined;
  const theirs = Date.parse(String(headers['date']));
  return now + Math.max(0, reset * 1000 - (Number.isFinite(theirs) ? theirs : now));
}

function shorten(message: string): string {
  return message.replace(/\s+/g, ' ').slice(0, 300);
}
