import { isAlias, isMap, isScalar, isSeq, stringify, type YAMLMap } from 'yaml';
import type { IdeaEdit } from '../../ports/ideas.ts';
import type { IdeasText } from './read-ideas.ts';

/** The keys that an edit gives an entry; undefined: the key goes. */
export type EntryValues = Readonly<Record<string, string | undefined>>;

interface Splice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/**
 * Applies edits to the very text of a YAML file, so that nothing else of it moves: how a person folds and aligns
 * stays theirs. Undefined: the file is written in a way that only a parser can change.
 */
export function spliceIdeas(
  before: string,
  read: IdeasText,
  edits: readonly { readonly edit: IdeaEdit; readonly values: EntryValues }[],
): string | undefined {
  const splices: Splice[] = [];
  for (const { edit, values } of edits) {
    const entry =
      edit.edit === 'mark' ? read.entries[read.ideas.findIndex(({ id }) => id === edit.id)] : undefined;
    if (edit.edit === 'mark' && entry === undefined) continue;
    const made = entry ? splicesOf(before, entry, values) : addedTo(before, read, values);
    if (made === undefined) return undefined;
    splices.push(...made);
  }
  let text = before;
  // From the end, so that places before it stay where they are; what is added at one place keeps its order.
  for (const { from, to, text: now } of splices.toReversed().toSorted((a, b) => b.from - a.from))
    text = text.slice(0, from) + now + text.slice(to);
  return text;
}

function splicesOf(before: string, entry: YAMLMap, values: EntryValues): readonly Splice[] | undefined {
  const first = entry.items[0]?.key;
  if (entry.flow || entry.anchor !== undefined || !isScalar(first) || !first.range) return undefined;
  const indent = ' '.repeat(columnOf(before, first.range[0]));
  const splices: Splice[] = [];
  for (const [key, value] of Object.entries(values)) {
    const pair = entry.items.find((one) => isScalar(one.key) && one.key.value === key);
    const written = pair?.value;
    if (!pair) {
      if (value === undefined) continue;
      const at = endOf(before, entry);
      splices.push({ from: at, to: at, text: `\n${indent}${key}: ${plain(value)}` });
      continue;
    }
    if (!isScalar(pair.key) || !pair.key.range || !isScalar(written) || !written.range) return undefined;
    if (written.anchor !== undefined || written.type?.startsWith('BLOCK')) return undefined;
    const [start, end] = written.range;
    if (value !== undefined) {
      const gap = before[start - 1] === ':' ? ' ' : '';
      splices.push({ from: start, to: end, text: gap + plain(value) });
      continue;
    }
    const lineStart = before.lastIndexOf('\n', pair.key.range[0]) + 1;
    if (pair.key === first || before.slice(lineStart, pair.key.range[0]).trim() !== '') return undefined;
    splices.push({ from: lineStart - 1, to: lineEnd(before, end), text: '' });
  }
  return splices;
}

/** A new entry below the last one, with the same dash. */
function addedTo(before: string, read: IdeasText, values: EntryValues): readonly Splice[] | undefined {
  const root = read.document.contents;
  const list: unknown = isMap(root) ? root.get('ideas', true) : undefined;
  const last = isSeq(list) && !list.flow ? list.items.at(-1) : undefined;
  if (!isMap(last) || isAlias(last) || !last.range) return undefined;
  const lineStart = before.lastIndexOf('\n', last.range[0] - 1) + 1;
  const dash = /^( *)- *$/.exec(before.slice(lineStart, last.range[0]));
  if (!dash) return undefined;
  const keys = Object.entries(values).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}: ${plain(value)}`],
  );
  const at = endOf(before, last);
  return [{ from: at, to: at, text: `\n${dash[1] ?? ''}- ${keys.join(`\n${dash[1] ?? ''}  `)}` }];
}

/** On one line, in quotes where it needs them. */
function plain(value: string): string {
  if (/[\n\r]/.test(value)) return JSON.stringify(value);
  return stringify(value, { lineWidth: 0 }).trimEnd();
}

/** Behind the last line of an entry, its comment included. */
function endOf(before: string, entry: YAMLMap): number {
  const [, end] = entry.range ?? [0, before.length];
  return lineEnd(before, before.slice(0, end).trimEnd().length);
}

function lineEnd(before: string, at: number): number {
  const end = before.indexOf('\n', at);
  const stop = end < 0 ? before.length : end;
  return before[stop - 1] === '\r' ? stop - 1 : stop;
}

function columnOf(before: string, at: number): number {
  return at - (before.lastIndexOf('\n', at - 1) + 1);
}
