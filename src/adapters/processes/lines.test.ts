import { expect, it } from 'vitest';

import { lineSplitter } from './lines.ts';

function split(chunks: readonly (string | Buffer)[], maxBytes?: number): string[] {
  const lines: string[] = [];
  const splitter = lineSplitter((line) => lines.push(line), maxBytes);
  for (const chunk of chunks) splitter.push(Buffer.from(chunk));
  splitter.end();
  return lines;
}

const euro = Buffer.from('€');

it.each<[when: string, chunks: (string | Buffer)[], lines: string[]]>([
  ['nothing comes', [], []],
  ['lines come whole', ['a\nb\n'], ['a', 'b']],
  ['a line comes in parts', ['a', 'b', 'c\nd', '\n'], ['abc', 'd']],
  ['the last line has no end', ['a\nb'], ['a', 'b']],
  ['lines are empty', ['\n\na\n'], ['', '', 'a']],
  ['a character is torn', [euro.subarray(0, 1), euro.subarray(1, 2), euro.subarray(2), '\n'], ['€']],
  ['other things look like ends of lines', ['a\u2028b\rc\u0085d\n'], ['a\u2028b\rc\u0085d']],
  ['bytes are no text', [Buffer.from([0x61, 0xff, 0x0a])], ['a\uFFFD']],
])('splits when %s', (_when, chunks, lines) => {
  expect(split(chunks)).toEqual(lines);
});

it('cuts a line that is too long, and goes on with the next', () => {
  expect(split(['123', '456', '789\nab', 'c\n'], 5)).toEqual(['12345', 'abc']);
});

it('keeps no more than the beginning of an endless line', () => {
  const lines: string[] = [];
  const splitter = lineSplitter((line) => lines.push(line), 10);
  const chunk = Buffer.alloc(1000, 'x');
  for (let count = 0; count < 1000; count += 1) splitter.push(chunk);
  expect(lines).toEqual([]);
  splitter.end();
  expect(lines).toEqual(['x'.repeat(10)]);
});

it('does not mind when the bytes are overwritten afterwards', () => {
  const lines: string[] = [];
  const splitter = lineSplitter((line) => lines.push(line));
  const buffer = Buffer.from('abc');
  splitter.push(buffer);
  buffer.fill('x');
  splitter.push(Buffer.from('\n'));
  expect(lines).toEqual(['abc']);
});
