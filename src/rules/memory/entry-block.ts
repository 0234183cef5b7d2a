import type { Instant } from '../../domain/time.ts';
import { dateAt } from './dates.ts';
import { bare, isBlank, isIndented } from './lines.ts';
import type { Heading, Outline, Section } from './markdown.ts';

/** `- Name: value`, as it stands in an entry. */
export interface Field {
  readonly name: string;
  readonly value: string;
  readonly line: number;
}

/** A dated heading of level 3 with the fields right below it: an entry of ours, or what somebody meant to be one. */
export interface EntryBlock {
  readonly start: number;
  /** The line after its last field. */
  readonly end: number;
  /** Undefined: there is no such date. */
  readonly at: Instant | undefined;
  /** What stands in the heading after the date. */
  readonly title: string;
  readonly fields: readonly Field[];
}

/** The entries of a section in the order of the file. A heading without a date is one if it has two known fields. */
export function entriesOf(
  outline: Outline,
  section: Section,
  known: readonly string[],
): readonly EntryBlock[] {
  return [...eachEntry(outline, section, known)];
}

/** The same, one at a time: a long file has more entries than need to be held. */
export function* eachEntry(
  outline: Outline,
  section: Section,
  known: readonly string[],
): Generator<EntryBlock> {
  for (const [index, heading] of section.inner.entries()) {
    if (heading.level !== 3) continue;
    const to = section.inner[index + 1]?.line ?? section.end;
    const entry = entryAt(outline, heading, to);
    if (entry.at === undefined && !isMeantAsOne(entry, heading, known)) continue;
    yield entry;
  }
}

/** The entry under a heading, whatever it is. */
export function entryAt(outline: Outline, heading: Pick<Heading, 'line' | 'text'>, to: number): EntryBlock {
  const start = heading.line;
  const end = endOfFields(outline, start + 1, to);
  const date = dateAt(heading.text);
  const title = (date?.rest ?? heading.text).replace(/^[\s:|,–—-]+/, '');
  let read: readonly Field[] | undefined;
  return {
    start,
    end,
    at: date?.at,
    title,
    // Of most entries of a long file nobody asks for them.
    get fields() {
      read ??= fieldsIn(outline, start + 1, end);
      return read;
    },
  };
}

function isMeantAsOne(entry: EntryBlock, heading: Heading, known: readonly string[]): boolean {
  if (dateAt(heading.text)) return true;
  const named = new Set(entry.fields.map(({ name }) => name.toLowerCase()));
  return known.filter((name) => named.has(name.toLowerCase())).length >= 2;
}

/** The value of a field, whatever its case; undefined: missing or empty. */
export function valueOf(entry: Pick<EntryBlock, 'fields'>, name: string): string | undefined {
  const wanted = name.toLowerCase();
  const value = entry.fields.find((field) => field.name.toLowerCase() === wanted)?.value.trim();
  return value === '' ? undefined : value;
}

/** The fields follow the heading without an empty line between them; an indented line goes on with the one above. */
function endOfFields(outline: Outline, from: number, to: number): number {
  let end = from;
  for (let line = from; line < to && !outline.isCode(line); line++) {
    const raw = outline.lines[line] ?? '';
    const isFirst = end === from;
    if (isBlank(raw)) {
      if (isFirst) continue;
      break;
    }
    if (!isField(raw) && (isFirst || !isIndented(raw))) break;
    end = line + 1;
  }
  return end;
}

function fieldsIn(outline: Outline, from: number, end: number): readonly Field[] {
  const fields: Field[] = [];
  for (let line = from; line < end; line++) {
    const text = bare(outline.lines[line] ?? '');
    const [bullet, name] = fieldStart.exec(text) ?? [];
    const last = fields.at(-1);
    if (bullet !== undefined && name !== undefined)
      fields.push({ name, value: text.slice(bullet.length).trim(), line });
    else if (last) fields[fields.length - 1] = { ...last, value: `${last.value} ${text.trim()}` };
  }
  return fields;
}

const fieldStart = /^[-*] (?:\*\*)?([A-Za-z][A-Za-z -]{0,30}?)(?::\*\*|(?:\*\*)?:)(?=\s|$)/;

function isField(raw: string): boolean {
  return (raw.startsWith('- ') || raw.startsWith('* ')) && fieldStart.test(raw);
}
