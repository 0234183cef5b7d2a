import { expect, it } from 'vitest';
import { lineSplitter } from './line-splitter.ts';

function split(...chunks: (string | Buffer)[]): string[] {
  const lines: string[] = [];
  const splitter = lineSplitter((line) => lines.push(line));
  for (const chunk of chunks) splitter.push(Buffer.from(chunk));
  splitter.end();
  return lines;
}

it.each<[what: string, chunks: (string | Buffer)[], lines: string[]]>([
  ['whole lines', ['a\nb\n'], ['a', 'b']],
  ['a line in pieces', ['a', 'b', 'c\nd'], ['abc', 'd']],
  ['empty lines', ['\n\na\n'], ['', '', 'a']],
  ['Windows line ends, even torn apart', ['a\r\nb\r', '\nc'], ['a', 'b', 'c']],
  ['a progress bar', ['10%\r20%\rdone\n'], ['10%', '20%', 'done']],
  ['a torn character', [Buffer.from([0xc3]), Buffer.from([0xa4, 0x0a])], ['ä']],
  ['nothing', [], []],
])('%s come out as they should', (_what, chunks, lines) => {
  expect(split(...chunks)).toEqual(lines);
});

it('cuts a line that never ends', () => {
  const lines = split(...Array.from({ length: 50 }, () => 'x'.repeat(10_000)), '\nend');
  expect(lines.at(-1)).toBe('end');
  expect(lines.slice(0, -1).join('')).toBe('x'.repeat(500_000));
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(64 * 1024);
});
