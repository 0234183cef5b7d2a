import { hours, type Instant, minutes, seconds } from '../../../domain/time.ts';

/**
 * When codex says in words that we may try again: `try again at 11:53 PM.` (on the same day),
 * `try again at Nov 21st, 2026 12:02 AM.`, both in the time zone codex runs in, or `try again in 1m30s`.
 * It cuts the seconds off, so a minute is added. Undefined when it says nothing of the kind.
 */
export function resetTimeInWords(text: string, now: Instant, timeZone: string): Instant | undefined {
  const stated =
    /try again at (?:(\p{L}{3})\p{L}* (\d{1,2})(?:\p{L}{2})?, (\d{4}),? )?(\d{1,2}):(\d{2})\s*([AP])M/iu;
  const match = stated.exec(text);
  if (!match) return afterSpan(text, now);

  const [, monthName, day, year, hour, minute, half] = match;
  const hourOfDay = (Number(hour) % 12) + (half?.toUpperCase() === 'P' ? 12 : 0);
  const time = hours(hourOfDay) + minutes(Number(minute));
  if (monthName === undefined) return minutes(1) + nextAt(time, now, timeZone);

  const month = monthNames.indexOf(monthName.toLowerCase());
  if (month === -1) return undefined;
  return minutes(1) + instantOf(Date.UTC(Number(year), month, Number(day)) + time, timeZone);
}

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** The next time a clock on the wall there shows `time`; one just past counts: the message took its time. */
function nextAt(time: number, now: Instant, timeZone: string): Instant {
  const today = Math.floor((now + offsetAt(now, timeZone)) / hours(24)) * hours(24);
  const days = [today - hours(24), today, today + hours(24)].map((day) => instantOf(day + time, timeZone));
  return days.find((at) => at >= now - minutes(5)) ?? now;
}

/** The moment at which a clock on the wall shows `wall` (written as if it were UTC). */
function instantOf(wall: number, timeZone: string): Instant {
  const guess = wall - offsetAt(wall, timeZone);
  return wall - offsetAt(guess, timeZone);
}

function offsetAt(at: Instant, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = parts;
  const wholeMinute = Math.floor(at / minutes(1)) * minutes(1);
  return Date.UTC(year, month - 1, day, hour, minute) - wholeMinute;
}

function afterSpan(text: string, now: Instant): Instant | undefined {
  const span = /try again in ((?:\d+(?:\.\d+)?\s*[a-z]+\s*)+)/i.exec(text)?.[1];
  const parts = [...(span ?? '').matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/gi)];
  const known = parts.flatMap(([, count, unit]) => {
    const length = unitLength(unit?.toLowerCase() ?? '');
    return length === undefined ? [] : [Number(count) * length];
  });
  return known.length === 0 ? undefined : now + known.reduce((sum, length) => sum + length, 0);
}

function unitLength(unit: string): number | undefined {
  if (unit === 'ms' || unit.startsWith('milli')) return 1;
  switch (unit[0]) {
    case 's':
      return seconds(1);
    case 'm':
      return minutes(1);
    case 'h':
      return hours(1);
    case 'd':
      return hours(24);
    default:
      return undefined;
  }
}
