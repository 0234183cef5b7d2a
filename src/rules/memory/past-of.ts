import { memorySections } from '../../domain/memory.ts';
import type { Instant } from '../../domain/time.ts';
import { datedLinesOf } from './dated-line.ts';
import { dayOf } from './dates.ts';
import { eachEntry, entryAt, valueOf } from './entry-block.ts';
import { commitOf, memoryFields, namesOf } from './entry-schema.ts';
import { bare } from './lines.ts';
import { findSection, headingIn, type Outline } from './markdown.ts';
import { oneLine } from './words.ts';

/** Something dated in PROJECT_MEMORY.md that may become a line of the summary. */
export interface Past {
  readonly start: number;
  /** The line after its last one. */
  readonly end: number;
  readonly at: Instant;
  /** 0: the newest of its section. */
  readonly rank: number;
  /** The line that may stand for it. */
  summary(): string;
}

export const summarySection = 'Historical Summary';

/** All entries and dated bullets of our sections, the oldest first. The lines of the summary itself are none of them. */
export function pastOf(outline: Outline): readonly Past[] {
  const past = memorySections.flatMap((title) => {
    const section = findSection(outline.sections, title);
    if (!section) return [];
    const dated: Omit<Past, 'rank'>[] = [];
    const places: { start: number; end: number }[] = [];
    for (const { start, end, at } of eachEntry(outline, section, namesOf(memoryFields))) {
      places.push({ start, end });
      if (at !== undefined) dated.push({ start, end, at, summary: () => summaryOf(outline, start, end) });
    }
    const bullets = title === summarySection ? [] : datedLinesOf(outline, section, places);
    for (const { start, end, at, text } of bullets)
      dated.push({ start, end, at, summary: () => summaryOfBullet(at, text) });
    return dated
      .toSorted((a, b) => b.at - a.at || a.start - b.start)
      .map(({ start, end, at, summary }, rank) => ({ start, end, at, summary, rank }));
  });
  return past.toSorted((a, b) => a.at - b.at || b.start - a.start);
}

const longest = 200;

function summaryOf(outline: Outline, start: number, end: number): string {
  const text = headingIn(bare(outline.lines[start] ?? ''))?.text ?? '';
  const entry = entryAt(outline, { line: start, text }, end);
  const said = valueOf(entry, 'Decision') ?? (entry.title || entry.fields[0]?.value) ?? '';
  const marks = [
    valueOf(entry, 'Confidence'),
    valueOf(entry, 'Trust') === 'trusted' ? undefined : 'untrusted',
    commitOf(entry)?.slice(0, 12),
  ];
  const about = marks.filter((mark) => mark !== undefined).map((mark) => oneLine(mark, 20));
  return `- ${dayOf(entry.at ?? 0)}: ${oneLine(said, longest) || 'nothing was said'} (${about.join(', ')})`;
}

/** `decision | why | evidence | commit | confidence | trust`, as the first Clone writes it, goes by its decision. */
function summaryOfBullet(at: Instant, text: string): string {
  const [said = ''] = text.split(' | ', 1);
  const isUntrusted = /\buntrusted\b/i.test(text) && !/\buntrusted\b/i.test(said);
  return `- ${dayOf(at)}: ${oneLine(said, longest) || 'nothing was said'}${isUntrusted ? ' (untrusted)' : ''}`;
}
