import { describe, expect, it } from 'vitest';
import { ciRun, evidence, inSession, watchStarted } from '../../test/fakes/facts.ts';
import { events } from '../../test/fakes/fold-facts.ts';
import { eventJson } from './event-json.ts';
import { oneLine } from './one-line.ts';
import { wrap } from './render-text.ts';
import { assignSlots } from './slots.ts';
import { snakeJson, snakeName } from './snake.ts';
import { grouped } from './status-page.ts';
import { cutToWidth, padToWidth, widthOf } from './width.ts';

describe('the width of a text', () => {
  it.each<[text: string, columns: number]>([
    ['', 0],
    ['abc', 3],
    ['naïve', 5],
    ['日本', 4],
    ['\u{1F600}', 2],
    ['e\u0301', 1],
    ['–“”…', 4],
  ])('"%s" takes %d columns', (text, columns) => {
    expect(widthOf(text)).toBe(columns);
  });

  it.each<[text: string, columns: number, cut: string]>([
    ['abcdef', 6, 'abcdef'],
    ['abcdef', 4, 'abc…'],
    ['日本語', 4, '日…'],
    ['日本語', 5, '日本…'],
    ['abc', 1, '…'],
    ['abc', 0, ''],
  ])('"%s" in %d columns is "%s"', (text, columns, cut) => {
    expect(cutToWidth(text, columns)).toBe(cut);
  });

  it('is filled up with spaces', () => {
    expect(padToWidth('日', 4)).toBe('日  ');
    expect(padToWidth('abcdef', 4)).toBe('abcdef');
  });
});

describe('wrapping', () => {
  it.each<[text: string, columns: number, lines: string[]]>([
    ['', 20, []],
    ['one two', 20, ['one two']],
    ['one two three four', 10, ['one two', 'three four']],
    ['a-very-long-word next', 12, ['a-very-long…', 'next']],
  ])('"%s" at %d columns', (text, columns, lines) => {
    expect(wrap(text, columns)).toEqual(lines);
  });
});

describe('one line', () => {
  it.each<[text: string, line: string]>([
    ['plain', 'plain'],
    ['  a\n\n b\tc ', 'a b c'],
    ['\u001b[31mred\u001b[0m', 'red'],
    ['\u001b]8;;https://x\u001b\\link\u001b]8;;\u001b\\', 'link'],
    ['日本 – ü', '日本 – ü'],
  ])('of %j is "%s"', (text, line) => {
    expect(oneLine(text)).toBe(line);
  });
});

describe('numbers', () => {
  it.each<[count: number, words: string]>([
    [0, '0'],
    [999, '999'],
    [1000, '1 000'],
    [1_234_567, '1 234 567'],
  ])('%d is read as %s', (count, words) => {
    expect(grouped(count)).toBe(words);
  });
});

describe('the slots of workers', () => {
  it('are kept by who works, and the lowest free one goes to who comes', () => {
    const first = assignSlots(new Map(), ['a', 'b', 'c']);
    expect([...first]).toEqual([
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ]);
    expect(Object.fromEntries(assignSlots(first, ['d', 'b', 'e']))).toEqual({ b: 2, d: 1, e: 3 });
  });
});

describe('our JSON', () => {
  it.each<[name: string, snake: string]>([
    ['at', 'at'],
    ['nextDue', 'next_due'],
    ['cachedInputTokens', 'cached_input_tokens'],
  ])('%s is called %s', (name, snake) => {
    expect(snakeName(name)).toBe(snake);
  });

  it('has names in snake_case, moments in UTC and null for nothing, however deep', () => {
    expect(snakeJson({ nextDue: 0, list: [{ exitCode: 1, at: 1000 }], none: undefined, nil: null })).toEqual({
      next_due: '1970-01-01T00:00:00Z',
      list: [{ exit_code: 1, at: '1970-01-01T00:00:01Z' }],
      nil: null,
    });
    expect(snakeJson(undefined)).toBeNull();
  });

  it('tells an event with when, what and where first', () => {
    const [started] = events([[1234, watchStarted('c1', { turn: undefined })]]);
    const json = eventJson(started!);
    expect(Object.keys(json).slice(0, 7)).toEqual(['at', 'seq', 'type', 'run', 'cycle', 'repo', 'session']);
    expect(json).toMatchObject({ at: '1970-01-01T00:00:01.234Z', seq: 1, type: 'watch-started', run: 'r1' });
    expect(json).not.toHaveProperty('turn');
  });

  it('tells the fields of an event in snake_case', () => {
    const [saw, ran, parked] = events([
      { type: 'watch-saw', ...inSession, sha: 'c1', runs: [ciRun(7)] },
      { type: 'check-ran', ...inSession, evidence: evidence('test', { exitCode: undefined }) },
      { type: 'agent-parked', agent: 'codex', until: 5000, why: 'x' },
    ]);
    expect(eventJson(saw!)).toMatchObject({ runs: [{ workflow_id: 1, created_at: '1970-01-01T00:00:00Z' }] });
    expect(eventJson(ran!)['evidence']).toMatchObject({
      check: 'test',
      label: 'local',
      at: '1970-01-01T00:00:00Z',
    });
    expect(eventJson(parked!)).toMatchObject({ run: null, until: '1970-01-01T00:00:05Z' });
  });
});
