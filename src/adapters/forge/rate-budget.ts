import type { Instant } from '../../domain/time.ts';
import type { ForgeBudget, ForgeFailure } from '../../ports/forge.ts';
import { type Headers, resetOf } from './request-failure.ts';

/** Counts what we use of the hourly budget, and keeps a share of it for the human who owns the token. */
export interface RateBudget {
  /** Told of the headers of every answer. */
  answered(headers: Headers, now: Instant): void;
  sent(): void;
  notModified(): void;
  /** Why a request should not be sent now. The reserve holds for polling alone. */
  refusal(now: Instant, polling: boolean): ForgeFailure | undefined;
  /** A limit was hit; answers how many times in a row. */
  limited(until: Instant): void;
  strikes(): number;
  read(): ForgeBudget;
}

export function rateBudget(reserve: number): RateBudget {
  let limit: number | undefined;
  let remaining: number | undefined;
  let resetsAt: Instant | undefined;
  let window = '';
  let blockedUntil = 0;
  let strikes = 0;
  let requests = 0;
  let notModified = 0;

  return {
    answered(headers, now) {
      strikes = 0;
      const left = Number(headers['x-ratelimit-remaining'] ?? Number.NaN);
      const most = Number(headers['x-ratelimit-limit'] ?? Number.NaN);
      const resource = headers['x-ratelimit-resource'] ?? 'core';
      if (!Number.isFinite(left) || !Number.isFinite(most) || resource !== 'core') return;
      const sameHour = window === String(headers['x-ratelimit-reset']);
      remaining = sameHour && remaining !== undefined ? Math.min(remaining, left) : left;
      limit = most;
      window = String(headers['x-ratelimit-reset']);
      resetsAt = resetOf(headers, now);
    },
    sent() {
      requests += 1;
    },
    notModified() {
      notModified += 1;
    },
    refusal(now, polling) {
      if (now < blockedUntil)
        return { kind: 'later', until: blockedUntil, message: 'the forge asked us to wait' };
      if (!polling || limit === undefined || remaining === undefined) return undefined;
      if (resetsAt === undefined || now >= resetsAt || remaining >= limit * reserve) return undefined;
      const message = `${remaining} of ${limit} requests are left this hour, which we keep for you`;
      return { kind: 'later', until: resetsAt, message };
    },
    limited(until) {
      blockedUntil = Math.max(blockedUntil, until);
      strikes += 1;
    },
    strikes: () => strikes,
    read: () => ({ limit, remaining, resetsAt, requests, notModified }),
  };
}
