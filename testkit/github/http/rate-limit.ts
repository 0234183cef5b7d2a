import type { Token } from '../model.ts';

export type Resource = 'core' | 'search' | 'graphql';

/** How much one caller has left of one resource. */
interface Budget {
  limit: number;
  used: number;
  /** In seconds since 1970. */
  reset: number;
}

/** Counts requests per user, as GitHub does: all tokens of one user share the hour. */
export interface RateLimits {
  budget(token: Token | null, resource: Resource): Budget;
  headers(token: Token | null, resource: Resource): Record<string, string>;
  exhausted(token: Token | null, resource: Resource): boolean;
  count(token: Token | null, resource: Resource): void;
  set(login: string, resource: Resource, change: { remaining?: number; resetInSeconds?: number }): void;
}

export function createRateLimits(limit: number): RateLimits {
  const budgets = new Map<string, Budget>();
  const limits = { core: limit, search: 30, graphql: limit };

  function of(caller: string, resource: Resource): Budget {
    const key = `${caller.toLowerCase()} ${resource}`;
    const now = Math.floor(Date.now() / 1000);
    const length = resource === 'search' ? 60 : 3600;
    const old = budgets.get(key);
    if (old !== undefined && old.reset > now) return old;
    const most = caller === '' && resource === 'core' ? Math.min(60, limits.core) : limits[resource];
    const fresh = { limit: most, used: 0, reset: now + length };
    budgets.set(key, fresh);
    return fresh;
  }

  const budget = (token: Token | null, resource: Resource): Budget => of(token?.user.login ?? '', resource);
  return {
    budget,
    headers(token, resource) {
      const { limit: most, used, reset } = budget(token, resource);
      return {
        'x-ratelimit-limit': String(most),
        'x-ratelimit-remaining': String(Math.max(0, most - used)),
        'x-ratelimit-used': String(used),
        'x-ratelimit-reset': String(reset),
        'x-ratelimit-resource': resource,
      };
    },
    exhausted(token, resource) {
      const { limit: most, used } = budget(token, resource);
      return used >= most;
    },
    count(token, resource) {
      budget(token, resource).used += 1;
    },
    set(login, resource, { remaining, resetInSeconds }) {
      const changed = of(login, resource);
      if (remaining !== undefined) changed.used = Math.max(0, changed.limit - remaining);
      if (resetInSeconds !== undefined) changed.reset = Math.floor(Date.now() / 1000) + resetInSeconds;
    },
  };
}
