import { describe, expect, it } from 'vitest';

import { memoryEntry } from '../../../test/fakes/memories.ts';
import { type MemoryEntry, memorySections } from '../../domain/memory.ts';
import { bare, linesOf } from './lines.ts';
import { lintMemory } from './lint-memory.ts';
import { outlineOf } from './markdown.ts';
import { addEntries } from './memory-file.ts';
import { readEntries } from './read-entries.ts';

const about = { repo: 'jwt-workbench', objective: 'Sign and check tokens.', now: 0 };
function added(text: string | undefined, ...entries: readonly MemoryEntry[]): string {
  const result = addEntries(text, entries, about);
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}
const sectionsOf = (text: string): readonly string[] => outlineOf(text).sections.map(({ title }) => title);
const decisionsIn = (text: string): readonly string[] => readEntries(text).map(({ decision }) => decision);
/** The lines of `part`, endings and all, in their order in `whole`; its last line may have got an ending. */
function isWithin(part: string, whole: string): boolean {
  const lines = linesOf(whole).values();
  return linesOf(part).every((line) => {
    for (const other of lines)
      if (other === line || (!line.endsWith('\n') && bare(other) === line)) return true;
    return false;
  });
}

const one = memoryEntry('use hono', '2026-11-01T10:00:00Z');
const two = memoryEntry('drop express', '2026-11-03T10:00:00Z');
const risk = memoryEntry('keys in logs', '2026-11-02T10:00:00Z', {
  section: 'Known Risks',
  trust: 'untrusted',
});

describe('PROJECT_MEMORY.md', () => {
  it('begins with every section in its order, and the objective', () => {
    const text = added(undefined);
    expect(sectionsOf(text)).toEqual(memorySections);
    expect(text).toContain('## Objective\n\nSign and check tokens.\n\n## Architecture Snapshot\n');
    expect(lintMemory('memory', text)).toEqual([]);
  });

  it.each([[''], ['\n\n'], ['\uFEFF'], ['\uFEFF\r\n']])('begins anew in an empty file: %j', (text) => {
    const begun = added(text, one);
    expect(begun.startsWith(text)).toBe(true);
    expect(sectionsOf(begun)).toEqual(memorySections);
  });

  it('has entries of one fixed form', () => {
    const commit = '0123456789abcdef0123456789abcdef01234567';
    expect(added('## Recent Decisions\n', { ...one, commit, followUp: 'look at it in March' })).toBe(
      `## Recent Decisions

### 2026-11-01T10:00:00Z

- Decision: use hono
- Why: it is simpler
- Evidence: local: npm test exited 0
- Commit: ${commit}
- Confidence: high
- Trust: trusted
- Follow-up: look at it in March
`,
    );
  });

  it.each<[string, readonly MemoryEntry[]]>([
    ['at once', [one, two, risk]],
    ['in another order', [two, risk, one]],
  ])('has the newest first, told %s', (_how, entries) => {
    const text = added(undefined, ...entries);
    expect(decisionsIn(text)).toEqual(['drop express', 'keys in logs', 'use hono']);
    expect(text.indexOf('drop express')).toBeLessThan(text.indexOf('use hono'));
    expect(entries.reduce((sum: string, entry) => added(sum, entry), added(undefined))).toBe(text);
  });

  it.each<[what: string, again: MemoryEntry]>([
    ['the same', one],
    ['the same at another time', { ...one, at: one.at + 1000 }],
    ['the same in other letters', { ...one, decision: 'Use  Hono.' }],
  ])('has an entry once: %s', (_what, again) => {
    const text = added(undefined, one, two);
    expect(added(text, again)).toBe(text);
    expect(decisionsIn(added(undefined, one, two, again))).toHaveLength(2);
  });

  it('keeps the same decision about two commits apart', () => {
    const text = added(undefined, { ...one, commit: 'a'.repeat(40) });
    expect(decisionsIn(added(text, { ...one, commit: 'b'.repeat(40) }))).toHaveLength(2);
  });

  it('leaves out what says nothing', () => {
    expect(added('## Recent Decisions\n', { ...one, decision: ' <!-- hm --> ' })).toBe(
      '## Recent Decisions\n',
    );
  });

  const human = [
    'Mine, without a heading.',
    '# Memory',
    '## Our own rules',
    '- be kind',
    '## recent  decisions',
    'We decide on Mondays.',
    '```md',
    '## Known Risks',
    '### 2020-01-01',
    '```',
    '## Next Prioritized Tasks ##',
    '- 2026-01-05 | ship it | because | tests | abc | high | trusted',
    'the end, without a line break',
  ];
  it.each<[what: string, text: string]>([
    ['line feeds', human.join('\n')],
    ['CRLF', human.join('\r\n')],
    ['a byte order mark', `\uFEFF${human.join('\r\n')}`],
    ['a last line break', `${human.join('\n')}\n\n\n`],
    ['a code block that is never closed', `${human.join('\n')}\n\`\`\`\n## Known Risks\n`],
  ])('keeps every line of a person’s, with %s', (_what, text) => {
    const more = added(text, one, two, risk);
    expect(isWithin(text, more)).toBe(true);
    const ends = linesOf(more)
      .filter((line) => line.endsWith('\n'))
      .map((line) => (line.endsWith('\r\n') ? 'CRLF' : 'LF'));
    expect(new Set(ends)).toEqual(new Set([text.includes('\r\n') ? 'CRLF' : 'LF']));
    expect(decisionsIn(more)).toEqual(['drop express', 'keys in logs', 'use hono']);
    expect(added(more, one, two, risk)).toBe(more);
  });

  it.each<[missing: string, text: string, order: readonly string[]]>([
    ['at the end', '## Objective\n## Recent Decisions\n', ['Objective', 'Recent Decisions', 'Known Risks']],
    [
      'in the middle',
      '## Objective\n## Historical Summary\n',
      ['Objective', 'Known Risks', 'Historical Summary'],
    ],
    ['at the beginning', 'Hm.\n\n## Historical Summary\n', ['Known Risks', 'Historical Summary']],
    ['after a section of a person’s', '## Mine\n', ['Mine', 'Known Risks']],
    ['first, behind a byte order mark', '\uFEFF## Historical Summary', ['Known Risks', 'Historical Summary']],
  ])('gets a missing section %s', (_where, text, order) => {
    const more = added(text, risk);
    expect(sectionsOf(more)).toEqual(order);
    expect(more.startsWith('\uFEFF')).toBe(text.startsWith('\uFEFF'));
    expect(more.lastIndexOf('\uFEFF')).toBeLessThan(1);
  });

  it('puts an entry above the older bullets of the first Clone', () => {
    const text = '## Recent Decisions\n\n- 2026-11-02 | new | x\n- 2026-10-01 | old | x\n';
    expect(added(text, one)).toMatch(
      /new \| x\n\n### 2026-11-01[^]*- Follow-up: none\n\n- 2026-10-01 \| old/,
    );
  });

  it.each<[what: string, words: string]>([
    ['headings', 'x\n## Known Risks\n### 2020-01-01'],
    ['fields', 'x\n- Trust: trusted\n- Confidence: high'],
    ['markers', 'x <!-- clone:begin --> y'],
    ['a half-done merge', '\n<<<<<<< HEAD\n'],
    ['hidden letters', 'x\u202e\u200by\u0000'],
    ['far too many words', 'word '.repeat(100_000)],
  ])('is not led astray by words with %s', (_what, words) => {
    const entry: MemoryEntry = { ...risk, why: words, evidence: words, followUp: words };
    const text = added(undefined, entry);
    expect(sectionsOf(text)).toEqual(memorySections);
    expect(lintMemory('memory', text)).toEqual([]);
    expect(text.length).toBeLessThan(4000);
    expect(readEntries(text)).toMatchObject([{ trust: 'untrusted', decision: 'keys in logs' }]);
    expect(text).not.toMatch(/clone:begin|[\u202e\u200b\0]/);
  });

  it.each<[what: string, text: string, line: number | undefined]>([
    ['a conflict marker', '# x\n\n<<<<<<< HEAD\n', 3],
    ['a NUL', 'a\n\0', 2],
    ['another encoding', 'caf\uFFFD', 1],
    ['16 MB', 'x'.repeat(16 * 1024 * 1024), undefined],
  ])('is left alone with %s in it', (_what, text, line) => {
    expect(addEntries(text, [one], about)).toMatchObject({
      ok: false,
      failure: { file: 'PROJECT_MEMORY.md', line },
    });
  });
});
