import { isoUtc } from '../domain/time.ts';

/** `nextDue` → `next_due`. */
export function snakeName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/**
 * A value as our JSON has it: names in snake_case, moments in UTC ISO 8601, null for what is not there. A moment is
 * a number called `at`, `until`, `since`, `nextDue` or ending in `At`.
 */
export function snakeJson(value: unknown, name = ''): unknown {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) return value.map((item) => snakeJson(item));
  if (typeof value === 'object') {
    const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
    return Object.fromEntries(entries.map(([key, inner]) => [snakeName(key), snakeJson(inner, key)]));
  }
  return typeof value === 'number' && isMoment(name) ? isoUtc(value) : value;
}

const moments: ReadonlySet<string> = new Set(['at', 'until', 'since', 'nextDue']);

function isMoment(name: string): boolean {
  return moments.has(name) || /[a-z]At$/.test(name);
}
