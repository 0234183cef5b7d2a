import { describe, expect, it } from 'vitest';

import { memoryEntry } from '../../../test/fakes/memories.ts';
import { memorySections } from '../../domain/memory.ts';
import { hours } from '../../domain/time.ts';
import { archiveName, type Compacted, type Compaction, compactMemory, isDueByAge } from './compact-memory.ts';
import { bare, linesOf } from './lines.ts';
import { lintMemory } from './lint-memory.ts';
import { outlineOf } from './markdown.ts';
import { addEntries } from './memory-file.ts';
import { readEntries } from './read-entries.ts';

const day = hours(24);
const now = Date.parse('2026-11-20T21:00:00Z');
const archive = archiveName(now);
const nobody = (): boolean => false;
function compacted(text: string, maxLines: number, more: Partial<Compaction> = {}): Compacted {
  return compactMemory(text, { maxLines, isHuman: nobody, now, archive, ...more });
}
function memoryOf(count: number, daysApart = 1): string {
  const entries = Array.from({ length: count }, (_, index) =>
    memoryEntry(`decision ${index}`, new Date(now - index * daysApart * day).toISOString(), {
      section: index % 3 === 2 ? 'Known Risks' : 'Recent Decisions',
      trust: index % 5 === 4 ? 'untrusted' : 'trusted',
    }),
  );
  const made = addEntries(undefined, entries, { repo: 'jwt', objective: 'Sign tokens.', now });
  return made.ok ? made.value : '';
}
const headingsIn = (text: string): readonly string[] =>
  outlineOf(text)
    .headings.filter(({ level }) => level < 3)
    .map(({ text: title }) => title);
const summaryIn = (text: string): readonly string[] =>
  text
    .slice(text.indexOf('## Historical Summary'))
    .split('\n')
    .filter((line) => line.startsWith('- '));
/** How many entries a text speaks for: whole ones, lines of the summary, and those that are only counted. */
function spokenFor(text: string): number {
  const older = Number(/(\d+) older entries/.exec(text)?.[1] ?? 0);
  const lines = summaryIn(text).filter((line) => /^- \d{4}/.test(line)).length;
  return readEntries(text).length + lines + older;
}

describe('a compacted PROJECT_MEMORY.md', () => {
  it('has its oldest entries as one line each, the newest as they were, and the headings in order', () => {
    const text = memoryOf(40, 1 / 24);
    const { text: short, lines, summarised, changed } = compacted(text, 300);
    expect(changed).toBe(true);
    expect(lines).toEqual({ before: 423, after: linesOf(short).length });
    expect(lines.after).toBeLessThanOrEqual(300);
    expect(headingsIn(short)).toEqual(headingsIn(text));
    const kept = readEntries(short).map(({ decision }) => decision);
    expect(kept).toEqual(Array.from({ length: 40 - summarised }, (_, index) => `decision ${index}`));
    const from = text.indexOf('### 2026-11-20');
    expect(short.slice(from, from + 1000)).toBe(text.slice(from, from + 1000));
    expect(summaryIn(short).slice(0, 3)).toEqual([
      `- Archive: ${archive}`,
      `- ${new Date(now - kept.length * hours(1)).toISOString().slice(0, 10)}: decision ${kept.length} (high)`,
      `- ${new Date(now - (kept.length + 1) * hours(1)).toISOString().slice(0, 10)}: decision ${kept.length + 1} (high)`,
    ]);
    expect(short).toContain(`decision 34 (high, untrusted)`);
    expect(lintMemory('memory', short)).toEqual([]);
  });

  it('keeps the newest decisions, the objective and the sections, where the first Clone lost them (A6)', () => {
    // The file of the report: decisions newest first, then 300 lines of evidence, 608 lines in all.
    const bullets = (count: number, what: string): readonly string[] =>
      Array.from({ length: count }, (_, index) => {
        const at = new Date(now - index * hours(12)).toISOString().slice(0, 10);
        return `- ${at} | ${what} ${index} | because | local: npm test | 0123abcd | high | trusted`;
      });
    const text = memorySections
      .map((section) => {
        if (section === 'Objective') return ['## Objective', '', 'Sign and check tokens.', ''];
        if (section === 'Recent Decisions') return ['## Recent Decisions', ...bullets(278, 'decision'), ''];
        if (section === 'Verification Evidence')
          return ['## Verification Evidence', ...bullets(300, 'evidence'), ''];
        return [`## ${section}`, ''];
      })
      .flat()
      .concat(Array<string>(10).fill('A line somebody wrote.'))
      .join('\n');
    expect(linesOf(text).length).toBe(608);
    const { text: short, lines } = compacted(text, 500);
    expect(lines.after).toBeLessThanOrEqual(500);
    expect(headingsIn(short)).toEqual(memorySections);
    expect(short).toContain('Sign and check tokens.');
    expect(short.match(/A line somebody wrote\./g)).toHaveLength(10);
    const newest = bullets(100, 'decision').join('\n');
    expect(short).toContain(newest);
    expect(spokenForBullets(short)).toBe(578);
    // With a tiny limit it compacted in every session, with one more archive each time.
    for (const limit of [120, 50, 10, 1]) {
      const once = compacted(text, limit);
      expect(once.changed).toBe(true);
      expect(once.text).toContain(bullets(1, 'decision')[0]);
      expect(compacted(once.text, limit, { now: now + hours(1) })).toMatchObject({
        changed: false,
        text: once.text,
      });
    }
  });
  function spokenForBullets(text: string): number {
    return (text.match(/^- \d{4}-/gm) ?? []).length + Number(/(\d+) older entries/.exec(text)?.[1] ?? 0);
  }

  it.each([[500], [300], [120], [60], [20], [1], [0]])(
    'is the same when it is done again, with a limit of %d lines',
    (maxLines) => {
      const random = randomFrom(maxLines + 7);
      for (let round = 0; round < 25; round++) {
        const { text, isHuman } = strangeMemory(random);
        const once = compacted(text, maxLines, { isHuman });
        const isStillHuman = humanIn(once.text);
        for (const later of [now, now + hours(1), now + 2 * day]) {
          const again = compacted(once.text, maxLines, { isHuman: isStillHuman, now: later });
          expect(again.text).toBe(once.text);
          expect(again.changed).toBe(false);
        }
        const entriesBefore = countEntries(text);
        expect(countEntries(once.text)).toBe(entriesBefore);
        const mine = linesOf(text).filter((_, index) => isHuman(index + 1));
        expect(linesOf(once.text).filter((_, index) => isStillHuman(index + 1))).toEqual(mine);
        expect(headingsIn(once.text).filter((title) => title !== 'Historical Summary')).toEqual(
          headingsIn(text).filter((title) => title !== 'Historical Summary'),
        );
        expect(once.text.split(archive).length).toBe(once.changed ? 2 : 1);
        if (!once.changed) expect(once.text).toBe(text);
      }
    },
  );

  /** Lines with this sign are a person's. */
  const mark = '§';
  function humanIn(text: string): (line: number) => boolean {
    const lines = linesOf(text);
    return (line) => lines[line - 1]?.includes(mark) ?? false;
  }
  function countEntries(text: string): number {
    const whole = (text.match(/^### \d{4}/gm) ?? []).length + (text.match(/^- \d{4}-/gm) ?? []).length;
    return whole + Number(/(\d+) older entries/.exec(text)?.[1] ?? 0);
  }
  function strangeMemory(random: (below: number) => number): {
    text: string;
    isHuman: (line: number) => boolean;
  } {
    const end = random(3) === 0 ? '\r\n' : '\n';
    const lines: string[] = ['# Memory', ''];
    for (const section of memorySections) {
      if (random(5) === 0) continue;
      lines.push(`## ${section}`, '');
      if (section === 'Historical Summary') {
        if (random(2) === 0)
          lines.push(
            `${mark} a word of mine`,
            '- 2025-01-01: old',
            '- Up to 2024-01-01: 12 older entries, in the archive',
          );
        continue;
      }
      for (let count = random(12); count > 0; count--) {
        const at = new Date(now - random(60 * 24) * hours(1)).toISOString().slice(0, 19);
        const by = random(6) === 0 ? ` ${mark}` : '';
        if (random(4) === 0) lines.push(`- ${at.slice(0, 10)} | a bullet | x${by}`);
        else if (random(8) === 0) lines.push(`${mark} prose`, 'and more of it', '');
        else if (random(9) === 0) lines.push('```', `### ${at.replace('20', '19')}Z`, '```', '');
        else
          lines.push(
            `### ${at}Z`,
            '',
            `- Decision: entry ${count}${by}`,
            '- Why: w',
            '- Evidence: local: x',
            '- Commit: none',
            '- Confidence: high',
            '- Trust: trusted',
            '- Follow-up: none',
            ...Array<string>(random(3)).fill(''),
          );
      }
    }
    const text = (random(4) === 0 ? '\uFEFF' : '') + lines.join(end);
    return { text, isHuman: humanIn(text) };
  }
  /** The same numbers in each run. */
  function randomFrom(seed: number): (below: number) => number {
    let state = seed;
    return (below) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
  }

  it('keeps every entry with a line of a person’s in it, and what they wrote in the summary', () => {
    const text =
      memoryOf(40).replace('- Decision: decision 39', '- Decision: decision 39, said Ada') +
      '\n- 2020-01-01: by hand\n';
    const isHuman = (line: number): boolean => /Ada|by hand/.test(linesOf(text)[line - 1] ?? '');
    const short = compacted(text, 120, { isHuman }).text;
    expect(readEntries(short).map(({ decision }) => decision)).toContain('decision 39, said Ada');
    expect(summaryIn(short)).toContain('- 2020-01-01: by hand');
    expect(compacted(text, 120).text).not.toContain('said Ada\n- Why');
  });

  it('goes on from an earlier compaction: one summary, every archive, the rest counted', () => {
    const once = compacted(memoryOf(60), 200).text;
    const later = now + 30 * day;
    const entries = Array.from({ length: 40 }, (_, index) =>
      memoryEntry(`later ${index}`, new Date(later - index * hours(2)).toISOString()),
    );
    const grown = addEntries(once, entries, { repo: 'jwt', objective: '', now });
    const second = archiveName(later);
    const twice = compactMemory(grown.ok ? grown.value : '', {
      maxLines: 200,
      isHuman: nobody,
      now: later,
      archive: second,
    });
    expect(twice.lines.after).toBeLessThanOrEqual(200);
    expect(spokenFor(twice.text)).toBe(100);
    const summary = summaryIn(twice.text);
    expect(summary.slice(0, 2)).toEqual([`- Archive: ${second}`, `- Archive: ${archive}`]);
    expect(summary.at(-1)).toMatch(/^- Up to \d{4}-\d\d-\d\d: \d+ older entries, in the archive$/);
    expect(twice.text.match(/^## Historical Summary$/gm)).toHaveLength(1);
  });

  it('is not made for a few lines: each time costs one more copy of the file', () => {
    const text = memoryOf(6);
    const limit = linesOf(text).length - 1;
    expect(compacted(text, limit).changed).toBe(true);
    const prose = `${'A sentence.\n'.repeat(600)}\n${memoryOf(3)}`;
    expect(compacted(prose, 500)).toMatchObject({ changed: false, summarised: 0, text: prose });
  });

  it('has room below its limit, so that the next landing does not compact again', () => {
    expect(compacted(memoryOf(100), 500).lines.after).toBeLessThanOrEqual(375);
  });

  it('gets the section of the summary where it belongs, with the line ends of the file', () => {
    const text = memoryOf(40).replace('\n## Historical Summary\n', '').replaceAll('\n', '\r\n');
    const short = compacted(text, 200).text;
    expect(headingsIn(short).at(-1)).toBe('Historical Summary');
    expect(short).not.toMatch(/[^\r]\n/);
    expect(lintMemory('memory', short)).toEqual([]);
  });

  it('is stated by its summary alone: an entry that says nothing, or is half written', () => {
    const half =
      '\n### 2020-01-01: half\n\n- Why: w\n\n### 2020-01-02\n\n### 2020-13-01\n\n- Decision: no such day\n- Why: w\n';
    const text = memoryOf(20).replace('## Known Risks\n', `## Known Risks\n${half}`);
    const short = compacted(text, 200).text;
    expect(short).toContain('- 2020-01-01: half (untrusted)');
    expect(short).toContain('- 2020-01-02: nothing was said (untrusted)');
    expect(short).toContain('### 2020-13-01\n\n- Decision: no such day\n- Why: w\n');
  });

  it('names no more than twelve archives: each names those before it', () => {
    const archives = Array.from(
      { length: 30 },
      (_, index) => `- Archive: .clone_memory_archive/${30 - index}.md`,
    );
    const text = `${memoryOf(40)}\n${archives.join('\n')}\n`;
    const named = summaryIn(compacted(text, 200).text).filter((line) => line.startsWith('- Archive: '));
    expect(named).toHaveLength(12);
    expect(named[1]).toBe(archives[0]);
  });
});

describe('the lines of a compacted PROJECT_MEMORY.md', () => {
  const text = addTo(
    memoryOf(40),
    memoryEntry('use hono', '2020-01-02T10:00:00Z', {
      commit: 'b'.repeat(40),
      confidence: 'low',
      followUp: 'look at v5',
    }),
    memoryEntry('an issue says so', '2020-01-03T10:00:00Z', { trust: 'untrusted' }),
  ).replace(
    '## Known Risks\n',
    '## Known Risks\n\n- 2020-01-01 | keep it | it is old | local: x | abc1234 | high | untrusted\n- 2020-01-04: one line says it all\n',
  );
  function addTo(before: string, ...entries: Parameters<typeof addEntries>[1][number][]): string {
    const made = addEntries(before, entries, { repo: 'jwt', objective: '', now });
    return made.ok ? made.value : '';
  }
  /** Everything in a line of its own, so that none is only counted. */
  const whole = 100_000;
  const old = (short: Compacted) => short.longer().filter(({ at }) => at < Date.UTC(2021));

  it('are asked for of what says more than its line, with what is not ours to say', () => {
    expect(old(compacted(text, whole, { now: now + 30 * day }))).toEqual([
      {
        at: Date.UTC(2020, 0, 3, 10),
        trust: 'untrusted',
        told: 'Decision: an issue says so\nWhy: it is simpler\nEvidence: local: npm test exited 0',
      },
      {
        at: Date.UTC(2020, 0, 2, 10),
        trust: 'trusted',
        told: 'Decision: use hono\nWhy: it is simpler\nEvidence: local: npm test exited 0\nFollow-up: look at v5',
      },
      {
        at: Date.UTC(2020, 0, 1),
        trust: 'untrusted',
        told: 'keep it | it is old | local: x | abc1234 | high | untrusted',
      },
    ]);
  });

  it('are asked for only where a line stays', () => {
    const short = compacted(memoryOf(90), 60);
    expect(short.summarised).toBeGreaterThan(20);
    expect(short.longer()).toHaveLength(summaryIn(short.text).filter((line) => /^- \d{4}/.test(line)).length);
    expect(compacted(short.text, 60).longer()).toEqual([]);
    expect(compacted('# x\n', 60).longer()).toEqual([]);
  });

  it.each<[trust: 'trusted' | 'untrusted', lines: readonly string[]]>([
    [
      'trusted',
      [
        '- 2020-01-03: SAID (high, untrusted)',
        '- 2020-01-02: SAID (low, bbbbbbbbbbbb)',
        '- 2020-01-01: SAID (untrusted)',
      ],
    ],
    [
      'untrusted',
      [
        '- 2020-01-03: SAID (high, untrusted)',
        '- 2020-01-02: SAID (low, untrusted, bbbbbbbbbbbb)',
        '- 2020-01-01: SAID (untrusted)',
      ],
    ],
  ])('take %s words, and day, confidence, trust and commit from the entry', (trust, lines) => {
    const wordsFor = () => ({ said: 'SAID', trust });
    const summary = summaryIn(compacted(text, whole, { now: now + 30 * day, wordsFor }).text);
    expect(summary.filter((line) => line.startsWith('- 2020-01-0'))).toEqual([
      '- 2020-01-04: one line says it all',
      ...lines,
    ]);
  });

  it('are all that other words change', () => {
    for (const maxLines of [500, 200, 60]) {
      const own = compacted(memoryOf(60), maxLines);
      const theirs = compacted(memoryOf(60), maxLines, {
        wordsFor: () => ({ said: 'SAID', trust: 'trusted' }),
      });
      const said = (line: string): string => line.replace(/: .* \(/, ': … (');
      expect(linesOf(theirs.text).map(said)).toEqual(linesOf(own.text).map(said));
      expect(theirs.text).toContain(': SAID (');
      expect(compacted(theirs.text, maxLines, { now: now + hours(1) }).changed).toBe(false);
      expect(lintMemory('memory', theirs.text)).toEqual([]);
    }
  });
});

describe('age', () => {
  it.each<[what: string, text: string, at: number, due: boolean]>([
    ['of young entries', memoryOf(6), now, false],
    ['of a few old ones', memoryOf(6, 10), now, false],
    ['of many', memoryOf(30, 3), now, true],
    ['before they are a week old', memoryOf(30, 3), now - 80 * day, false],
    ['of an empty file', '', now, false],
  ])('%s calls for a compaction or not', (_what, text, at, due) => {
    expect(isDueByAge(text, at)).toBe(due);
    expect(compacted(text, 100_000, { now: at }).changed).toBe(due);
  });

  it('is looked at once a week', () => {
    const once = compacted(memoryOf(30, 3), 100_000).text;
    expect(isDueByAge(once, now)).toBe(false);
    const older = Array.from({ length: 10 }, (_, index) =>
      memoryEntry(`older ${index}`, new Date(now - (100 + index) * day).toISOString()),
    );
    const grown = addEntries(once, older, { repo: 'x', objective: '', now });
    const text = grown.ok ? grown.value : '';
    expect(isDueByAge(text, now + 6 * day)).toBe(false);
    expect(isDueByAge(text, now + 8 * day)).toBe(true);
  });

  it('is not fooled by an archive of days to come, or of no day', () => {
    const text = memoryOf(30, 3);
    for (const stamp of ['99990101T000000Z', '20261399T000000Z', 'x'])
      expect(isDueByAge(`${text}\n- Archive: a/PROJECT_MEMORY-${stamp}.md\n`, now)).toBe(true);
  });

  it('leaves the newest of each section, however old', () => {
    const short = compacted(memoryOf(60, 30), 100_000).text;
    expect(readEntries(short).filter(({ section }) => section === 'Known Risks')).toHaveLength(5);
    expect(readEntries(short).filter(({ section }) => section === 'Recent Decisions')).toHaveLength(5);
    expect(spokenFor(short)).toBe(60);
  });
});

it('the archive is named by its moment, relative to the repository', () => {
  expect(archive).toBe('.clone_memory_archive/PROJECT_MEMORY-20261120T210000Z.md');
});

it('50,000 lines of anything are one pass', () => {
  const text = `${memoryOf(3)}${'```a\n~~~\n- [ ] x\n### 2020-01-01\n## x\n'.repeat(10_000)}`;
  expect(compacted(text, 500).lines.before).toBe(linesOf(text).length);
  expect(bare(linesOf(compacted(text, 500).text)[0] ?? '')).toBe('# Memory of jwt');
});
