import { describe, expect, it } from 'vitest';
import { parseDuration } from './parse-duration.ts';

describe('a length of time', () => {
  it.each<[text: string, milliseconds: number]>([
    ['30s', 30_000],
    ['30m', 1_800_000],
    ['8h', 28_800_000],
    ['7d', 604_800_000],
    ['2w', 1_209_600_000],
    ['1h30m', 5_400_000],
    ['1h 30m', 5_400_000],
    [' 8H ', 28_800_000],
    ['1.5h', 5_400_000],
    ['0m', 0],
  ])('"%s" is %d ms', (text, milliseconds) => {
    expect(parseDuration(text)).toEqual({ ok: true, value: milliseconds });
  });

  it.each<[text: string, says: string]>([
    ['', 'not a length of time'],
    ['8', 'not a length of time'],
    ['h', 'not a length of time'],
    ['-8h', 'not a length of time'],
    ['8h!', 'not a length of time'],
    ['yesterday', 'not a length of time'],
    ['8y', '"y" is not a unit'],
    ['8 hours', '"hours" is not a unit'],
    ['999999999d', 'a hundred years'],
  ])('"%s" is refused', (text, says) => {
    const parsed = parseDuration(text);
    expect(parsed.ok ? '' : parsed.failure).toContain(says);
  });
});
