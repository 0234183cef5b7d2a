import type { Instant } from '../../domain/time.ts';
import { type DatedLine, datedLinesOf } from './dated-line.ts';
import { type EntryBlock, entriesOf } from './entry-block.ts';
import { type Insertion, insertBlocks } from './lines.ts';
import { endOfText, findSection, type Outline, outlineOf, type Section } from './markdown.ts';

/** An entry on its way into a file. */
export interface NewEntry {
  readonly section: string;
  readonly at: Instant;
  /** Two entries of one section with the same key are the same. */
  readonly key: string;
  readonly lines: readonly string[];
}

/** What entries of a file look like. */
export interface EntryFormat {
  /** The sections of the file in their order. */
  readonly sections: readonly string[];
  /** The names of the fields. */
  readonly fields: readonly string[];
  keyOf(entry: EntryBlock): string;
}

/** The text with the entries in their sections, newest first; missing sections are added. Nothing else changes. */
export function placeEntries(text: string, entries: readonly NewEntry[], format: EntryFormat): string {
  const outline = outlineOf(text);
  const insertions = format.sections.flatMap((title) => {
    const asked = entries.filter(({ section }) => section === title).toSorted((a, b) => b.at - a.at);
    if (asked.length === 0) return [];
    const section = findSection(outline.sections, title);
    if (section) return intoSection(outline, section, asked, format);
    const blocks = withoutTwins(asked, new Set()).flatMap(({ lines }) => ['', ...lines]);
    return [{ at: placeOfSection(outline, title, format.sections), block: [`## ${title}`, ...blocks] }];
  });
  return insertions.length === 0 ? text : insertBlocks(outline.lines, insertions);
}

function intoSection(
  outline: Outline,
  section: Section,
  asked: readonly NewEntry[],
  format: EntryFormat,
): readonly Insertion[] {
  const there = entriesOf(outline, section, format.fields);
  const dated = datedLinesOf(outline, section, there);
  const known = new Set(there.map((entry) => format.keyOf(entry)));
  return withoutTwins(asked, known).map(({ at, lines }) => ({
    at: placeOf(at, [...there, ...dated]) ?? there.at(-1)?.end ?? endOfText(outline, section),
    block: lines,
  }));
}

/** Before the first that is not newer. */
function placeOf(at: Instant, there: readonly (EntryBlock | DatedLine)[]): number | undefined {
  const older = there.filter((entry) => entry.at !== undefined && entry.at <= at);
  return older.length === 0 ? undefined : Math.min(...older.map(({ start }) => start));
}

function withoutTwins(entries: readonly NewEntry[], known: Set<string>): readonly NewEntry[] {
  return entries.filter(({ key }) => {
    if (known.has(key)) return false;
    known.add(key);
    return true;
  });
}

/** After the nearest section that comes before it, else before the first of the others, else at the end. */
export function placeOfSection(outline: Outline, title: string, order: readonly string[]): number {
  const before = order.slice(0, order.indexOf(title)).toReversed();
  for (const other of before) {
    const section = findSection(outline.sections, other);
    if (section) return endOfText(outline, section);
  }
  const after = order
    .map((other) => findSection(outline.sections, other))
    .filter((section) => section !== undefined);
  const first = after.toSorted((a, b) => a.start - b.start)[0];
  return first?.start ?? endOfText(outline, { start: -1, end: outline.lines.length });
}
