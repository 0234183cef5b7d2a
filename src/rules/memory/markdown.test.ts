import { describe, expect, it } from 'vitest';

import { datedLinesOf } from './dated-line.ts';
import { dateAt } from './dates.ts';
import { findSection, headingIn, outlineOf } from './markdown.ts';

describe('a heading', () => {
  it.each<[line: string, heading: ReturnType<typeof headingIn>]>([
    ['# One', { level: 1, text: 'One' }],
    ['   ###### Six  ', { level: 6, text: 'Six' }],
    ['##\tTab', { level: 2, text: 'Tab' }],
    ['## Closed ##', { level: 2, text: 'Closed' }],
    ['## Closed\t###', { level: 2, text: 'Closed' }],
    ['## C#', { level: 2, text: 'C#' }],
    ['## ##', { level: 2, text: '' }],
    ['##', { level: 2, text: '' }],
    ['##No space', undefined],
    ['####### Seven', undefined],
    ['    ## Code', undefined],
    ['- ## Bullet', undefined],
    ['Text', undefined],
    ['', undefined],
  ])('%j is read as Markdown reads it', (line, heading) => {
    expect(headingIn(line)).toEqual(heading);
  });

  it.each<[what: string, text: string, titles: readonly string[], openFence?: number]>([
    ['a code block', '```\n## A\n```\n## B\n', ['B']],
    ['one of tildes', '~~~ `js`\n## A\n```\n~~~\n## B\n', ['B']],
    ['a longer one around a shorter', '````\n```\n## A\n```\n````\n## B\n', ['B']],
    ['an indented one', '   ```js\n## A\n   ```   \n## B\n', ['B']],
    ['what is no fence', '    ```\n## A\n``\n``` a`b\n## B\n', ['A', 'B']],
    ['one that is never closed', '```\n## A\n~~~\n## B\n', ['A', 'B'], 0],
    ['one that only begins again', '```js\n## A\n```js\n## B\n', ['A', 'B'], 0],
    ['one behind one that is never closed', '~~~~\n## A\n```\n## B\n```\n## C\n', ['A', 'C'], 0],
  ])('does not count in %s', (_what, text, titles, openFence) => {
    const outline = outlineOf(text);
    expect(outline.sections.map(({ title }) => title)).toEqual(titles);
    expect(outline.openFence).toBe(openFence);
  });
});

it('a section goes to the next heading of its level or above, and is found whatever its case', () => {
  const { sections } = outlineOf('x\n## A  b\n### C\n#### D\n# E\n## F');
  expect(findSection(sections, 'a B')).toEqual({
    title: 'A  b',
    start: 1,
    end: 4,
    inner: [
      { line: 2, level: 3, text: 'C' },
      { line: 3, level: 4, text: 'D' },
    ],
  });
  expect(findSection(sections, 'E')).toBeUndefined();
});

it('a dated bullet has the indented lines below it', () => {
  const text =
    '## A\n* 2026-11-20: one\n  more\n\n  far\n- 2026-11-21 – two\n\ttab\n- 2026-13-01: none\n- x\n';
  const outline = outlineOf(text);
  const [section] = outline.sections;
  expect(section && datedLinesOf(outline, section, [])).toEqual([
    { start: 1, end: 3, at: Date.parse('2026-11-20'), text: 'one more' },
    { start: 5, end: 7, at: Date.parse('2026-11-21'), text: 'two tab' },
  ]);
});

it.each<[text: string, at: string | undefined, rest: string]>([
  ['2026-11-20', '2026-11-20T00:00:00Z', ''],
  ['2026-11-20T21:05Z: x', '2026-11-20T21:05:00Z', ': x'],
  ['2026-11-20T21:05:09.123Z x', '2026-11-20T21:05:09Z', ' x'],
  ['2024-02-29', '2024-02-29T00:00:00Z', ''],
  ['2026-02-29', undefined, ''],
  ['2026-00-10', undefined, ''],
  ['1969-12-31', undefined, ''],
  ['2026-11-20T24:00:00Z', undefined, ''],
  ['2026-11-20T21:05:09+02:00', undefined, ''],
  ['2026-11-20th', undefined, 'th'],
])('%s is a date or looks like one', (text, at, rest) => {
  expect(dateAt(text)).toEqual({ at: at === undefined ? undefined : Date.parse(at), rest });
});

it.each([['20261120'], ['x 2026-11-20'], ['2026']])('%s is nothing like a date', (text) => {
  expect(dateAt(text)).toBeUndefined();
});
