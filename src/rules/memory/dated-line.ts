import type { Instant } from '../../domain/time.ts';
import { dateAt } from './dates.ts';
import type { EntryBlock } from './entry-block.ts';
import { bare, isBlank, isIndented } from './lines.ts';
import type { Outline, Section } from './markdown.ts';

/** A bullet that begins with a date, and its indented lines: how the first Clone and many people keep a log. */
export interface DatedLine {
  readonly start: number;
  readonly end: number;
  readonly at: Instant;
  /** What it says after the date, in one line. */
  readonly text: string;
}

/** The dated bullets of a section that belong to no entry, in the order of the file. */
export function datedLinesOf(
  outline: Outline,
  section: Section,
  entries: readonly Pick<EntryBlock, 'start' | 'end'>[],
): readonly DatedLine[] {
  const found: DatedLine[] = [];
  let next = 0;
  for (let line = section.start + 1; line < section.end; line++) {
    const entry = entries[next];
    if (entry && line >= entry.start) {
      line = Math.max(line, entry.end - 1);
      next += 1;
      continue;
    }
    const dated = outline.isCode(line) ? undefined : datedBullet(bare(outline.lines[line] ?? ''));
    if (!dated) continue;
    const end = endOfItem(outline, line + 1, section.end);
    const more = outline.lines.slice(line + 1, end).map((raw) => bare(raw).trim());
    found.push({ start: line, end, at: dated.at, text: [dated.text, ...more].join(' ') });
    line = end - 1;
  }
  return found;
}

/** `- 2026-11-20: said` */
export function datedBullet(line: string): { readonly at: Instant; readonly text: string } | undefined {
  if (!line.startsWith('- ') && !line.startsWith('* ')) return undefined;
  const date = dateAt(line.slice(2).trimStart());
  if (date?.at === undefined) return undefined;
  return { at: date.at, text: date.rest.replace(/^[\s:|,–—-]+/, '').trim() };
}

function endOfItem(outline: Outline, from: number, to: number): number {
  let end = from;
  while (end < to) {
    const line = bare(outline.lines[end] ?? '');
    if (isBlank(line) || !isIndented(line) || outline.isCode(end)) break;
    end += 1;
  }
  return end;
}
