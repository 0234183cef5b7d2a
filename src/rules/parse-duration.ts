import { failed, ok, type Result } from '../domain/result.ts';

const units: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Milliseconds of a length of time as a person writes it: `8h`, `30m`, `7d`, `1h30m`. */
export function parseDuration(text: string): Result<number, string> {
  const parts = [...text.trim().matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)\s*/gi)];
  const read = parts.map((part) => part[0]).join('');
  if (parts.length === 0 || read.trim() !== text.trim())
    return failed(`"${text}" is not a length of time; ${examples}`);

  let total = 0;
  for (const [, count = '', unit = ''] of parts) {
    const size = units[unit.toLowerCase()];
    if (size === undefined) return failed(`"${unit}" is not a unit of time; ${examples}`);
    total += Number(count) * size;
  }
  if (total > longest) return failed(`"${text}" is longer than a hundred years`);
  return ok(Math.round(total));
}

const longest = 36_525 * 86_400_000;
const examples = 'write it as 30m, 8h, 7d or 1h30m';
