import { memorySections } from '../../domain/memory.ts';
import type { Instant } from '../../domain/time.ts';
import { datedBullet } from './dated-line.ts';
import { dayOf } from './dates.ts';
import { bare, type Insertion } from './lines.ts';
import { endOfText, findSection, type Outline } from './markdown.ts';
import { summarySection } from './past-of.ts';
import { placeOfSection } from './place-entries.ts';

/** What we wrote under Historical Summary; the lines that people wrote there are none of it. */
export interface Summary {
  /** The lines it takes up now. */
  readonly lines: readonly number[];
  /** Paths of the archives, the newest first. */
  readonly archives: readonly string[];
  readonly entries: readonly { readonly at: Instant; line(): string }[];
  /** Entries that not even have a line any more. */
  readonly older: { readonly count: number; readonly upTo: Instant } | undefined;
}

/** More archives than this need no line: each archive names those before it. */
const mostArchives = 12;

export function summaryIn(outline: Outline, isHuman: (line: number) => boolean): Summary {
  const section = findSection(outline.sections, summarySection);
  const lines: number[] = [];
  const archives: string[] = [];
  const entries: { at: Instant; line: () => string }[] = [];
  let older: Summary['older'];
  // An entry further down may have dated bullets of its own; the summary is what stands above the first heading.
  const end = section?.inner[0]?.line ?? section?.end ?? 0;
  for (let line = (section?.start ?? 0) + 1; line < end; line++) {
    const text = bare(outline.lines[line] ?? '');
    if (outline.isCode(line) || isHuman(line) || hasMore(outline, line, end)) continue;
    const archive = archiveIn(text);
    const more = olderIn(text);
    const bullet = datedBullet(text);
    if (archive !== undefined) archives.push(archive);
    else if (more) older = together(older, more);
    else if (bullet) entries.push({ at: bullet.at, line: () => text });
    else continue;
    lines.push(line);
  }
  return { lines, archives, entries, older };
}

/** When the file was archived last, as far as it says so itself; a moment that is still to come does not count. */
export function lastArchived(outline: Outline, now: Instant): Instant | undefined {
  const { archives } = summaryIn(outline, () => false);
  const moments = archives.map(momentOf).filter((at) => at !== undefined && at <= now);
  return moments.length === 0 ? undefined : Math.max(...moments.filter((at) => at !== undefined));
}

/** A summary as lines, with at most `most` of its entries; the others are counted. */
export function summaryLines(summary: Omit<Summary, 'lines'>, most: number): readonly string[] {
  const entries = newestFirst(summary.entries);
  const rest = entries.slice(most);
  const [newest] = rest;
  const older = newest ? together(summary.older, { count: rest.length, upTo: newest.at }) : summary.older;
  return [
    ...[...new Set(summary.archives)].slice(0, mostArchives).map((archive) => `- Archive: ${archive}`),
    ...entries.slice(0, most).map((entry) => entry.line()),
    ...(older ? [`- Up to ${dayOf(older.upTo)}: ${older.count} older entries, in the archive`] : []),
  ];
}

/** The entries of a summary in the order of their lines. */
export function newestFirst<T extends { readonly at: Instant }>(entries: readonly T[]): readonly T[] {
  return entries.toSorted((a, b) => b.at - a.at);
}

/** Where the lines of a summary go, before line `at` of the outline. */
export function summaryPlace(outline: Outline, summary: Summary, block: readonly string[]): Insertion {
  const section = findSection(outline.sections, summarySection);
  if (!section)
    return {
      at: placeOfSection(outline, summarySection, memorySections),
      block: [`## ${summarySection}`, '', ...block],
    };
  const textEnd = endOfText(outline, { start: section.start, end: section.inner[0]?.line ?? section.end });
  return { at: summary.lines[0] ?? textEnd, block, isList: true };
}

function hasMore(outline: Outline, line: number, end: number): boolean {
  return line + 1 < end && /^[ \t]+\S/.test(bare(outline.lines[line + 1] ?? ''));
}

function archiveIn(line: string): string | undefined {
  return /^- Archive: (\S{1,300})$/.exec(line)?.[1];
}

/** `…-20261120T210000Z.md` */
function momentOf(archive: string): Instant | undefined {
  const [, year, month, day, hour, minute, second] =
    /-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/.exec(archive) ?? [];
  if (second === undefined) return undefined;
  const at = Date.parse(`${year ?? ''}-${month ?? ''}-${day ?? ''}T${hour ?? ''}:${minute ?? ''}:${second}Z`);
  return Number.isNaN(at) ? undefined : at;
}

function olderIn(line: string): Summary['older'] {
  const [, day = '', count = ''] = /^- Up to (\d{4}-\d\d-\d\d): (\d{1,9}) older entries\b/.exec(line) ?? [];
  const upTo = Date.parse(day);
  return count === '' || Number.isNaN(upTo) ? undefined : { count: Number(count), upTo };
}

function together(a: Summary['older'], b: NonNullable<Summary['older']>): NonNullable<Summary['older']> {
  return a ? { count: a.count + b.count, upTo: Math.max(a.upTo, b.upTo) } : b;
}
