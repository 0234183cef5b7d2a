import type { Instant } from '../../domain/time.ts';

/** A date or a moment at the beginning of a text. */
export interface DateFound {
  /** Undefined: it looks like one, but there is no such day or time. */
  readonly at: Instant | undefined;
  /** What follows it. */
  readonly rest: string;
}

/** `2026-11-20`, `2026-11-20T21:00Z` or `2026-11-20T21:00:00Z` at the beginning; undefined: nothing like it. */
export function dateAt(text: string): DateFound | undefined {
  const found =
    /^(\d{4})-(\d{1,2})-(\d{1,2})([Tt ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?/.exec(
      text,
    );
  if (!found) return undefined;
  const [whole, year = '', month = '', day = '', time = ''] = found;
  const rest = text.slice(whole.length);
  const clock = /^T(\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?Z$/.exec(time);
  if (month.length < 2 || day.length < 2 || (time !== '' && !clock) || /^\w/.test(rest))
    return { at: undefined, rest };
  const [hour, minute, second] = [clock?.[1], clock?.[2], clock?.[3]].map((part) => Number(part ?? 0));
  return { at: momentAt([year, month, day].map(Number), [hour ?? 0, minute ?? 0, second ?? 0]), rest };
}

/** Undefined: there is no such day, or no such time. */
function momentAt(
  [year = 0, month = 0, day = 0]: readonly number[],
  [hour = 0, minute = 0, second = 0]: readonly number[],
): Instant | undefined {
  const isDay = year >= 1970 && month >= 1 && month <= 12 && day >= 1;
  if (!isDay || day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** `2026-11-20` */
export function dayOf(at: Instant): string {
  return new Date(at).toISOString().slice(0, 10);
}
