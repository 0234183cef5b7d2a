import { describe, expect, it } from 'vitest';

import { problemOf, readMemoryFile } from './read-memory-file.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const utf16 = (text: string, mark: readonly number[]): Uint8Array =>
  Uint8Array.from([...mark, ...Buffer.from(text, 'utf16le')]);

describe('the bytes of a file that remembers', () => {
  it.each<[what: string, text: string]>([
    ['nothing', ''],
    ['CRLF', '# x\r\n- y\r\n'],
    ['a byte order mark', '\uFEFF# x\n'],
    ['every kind of letter', 'naïve 日本 🎉\n'],
    ['what only looks like a conflict', ' <<<<<<< x\n<<<<<<<x\n=======\n>>>>>>\n<<<<<<<<\n'],
  ])('are read as they are: %s', (_what, text) => {
    expect(readMemoryFile(bytesOf(text), 'INCIDENTS.md')).toEqual({ ok: true, value: text });
    expect(problemOf(text, 'INCIDENTS.md')).toBeUndefined();
  });

  it.each<[what: string, bytes: Uint8Array, kind: string, line: number | undefined]>([
    ['UTF-16 with its mark', utf16('# x\n', [0xff, 0xfe]), 'not-utf8', undefined],
    ['UTF-16 the other way round', Uint8Array.from([0xfe, 0xff, 0, 35]), 'not-utf8', undefined],
    ['UTF-16 without a mark', utf16('# x\n', []), 'nul', 1],
    ['latin-1', Uint8Array.from([35, 10, 99, 97, 102, 0xe9, 10]), 'not-utf8', 2],
    ['half a letter at the end', bytesOf('é').slice(0, 1), 'not-utf8', 1],
    ['a NUL', bytesOf('a\nb\n\0'), 'nul', 3],
    ['our side of a conflict', bytesOf('a\n<<<<<<< HEAD\n'), 'conflict-markers', 2],
    ['their side of one', bytesOf('a\r\n\r\n>>>>>>> theirs\r\n'), 'conflict-markers', 3],
    ['its base', bytesOf('\uFEFF|||||||\n'), 'conflict-markers', 1],
    ['more than a megabyte', new Uint8Array(1024 * 1024 + 1).fill(97), 'too-large', undefined],
  ])('are refused with the line: %s', (_what, bytes, kind, line) => {
    const read = readMemoryFile(bytes, 'AGENTS.md');
    expect(read).toMatchObject({ ok: false, failure: { kind, file: 'AGENTS.md', line } });
    if (!read.ok) expect(read.failure.hint).not.toBe('');
  });

  it('may be more for PROJECT_MEMORY.md, since compaction is for what grew', () => {
    const bytes = new Uint8Array(2 * 1024 * 1024).fill(97);
    expect(readMemoryFile(bytes, 'PROJECT_MEMORY.md').ok).toBe(true);
    expect(problemOf('x'.repeat(9 * 1024 * 1024), 'PROJECT_MEMORY.md')).toMatchObject({
      kind: 'too-large',
      message: 'is larger than 8 MB',
    });
  });

  it('are known for another encoding after somebody decoded them, too', () => {
    expect(problemOf('a\nb\uFFFD', 'INCIDENTS.md')).toMatchObject({ kind: 'not-utf8', line: 2 });
  });
});
