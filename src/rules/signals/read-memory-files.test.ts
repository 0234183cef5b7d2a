import { expect, it } from 'vitest';
import { readBacklog, readMemoryLength } from './read-memory-files.ts';

it.each<[what: string, text: string | undefined, open: number]>([
  ['no file', undefined, 0],
  ['an empty one', '', 0],
  ['boxes of every kind', '- [ ] a\n* [ ] b\n  + [] c\n- [x] d\n- [X] e\n- [-] f\n', 3],
  ['boxes with nothing beside them', '- [ ]\n- [ ]   \n', 0],
  ['CRLF', '- [ ] a\r\n- [ ] b\r\n', 2],
  ['boxes in fenced code', '```\n- [ ] a\n```\n- [ ] b\n~~~md\n- [ ] c\n', 1],
  ['a fence within a longer one', '````\n```\n- [ ] a\n````\n- [ ] b\n', 1],
])('of %s, the open items are counted', (_what, text, open) => {
  expect(readBacklog(text)).toMatchObject({ open, digest: open === 0 ? '' : (expect.any(String) as string) });
});

it('a backlog is the same in another order, with other items done and other words around it', () => {
  const before = readBacklog('# To do\n- [ ] a\n- [ ] b\n');
  expect(readBacklog('# Later\n\n- [x] c\n- [ ]  b\n- [ ] a\n').digest).toBe(before.digest);
  expect(readBacklog('- [ ] a\n').digest).not.toBe(before.digest);
});

it.each<[what: string, text: string | undefined, lines: number]>([
  ['no file', undefined, 0],
  ['an empty one', '', 0],
  ['one line', 'a', 1],
  ['one whole line', 'a\n', 1],
  ['lines of every kind', 'a\nb\r\nc\rd', 4],
])('of %s, the lines are counted', (_what, text, lines) => {
  expect(readMemoryLength(text)).toMatchObject({
    lines,
    digest: lines === 0 ? '' : (expect.any(String) as string),
  });
});
