import { type FlatEntry, type FlatPair, type FlatYaml, flatText } from '../../domain/flat-yaml.ts';
import type { PortfolioEdit } from '../../ports/portfolio.ts';
import { entryValues } from './entry-values.ts';
import type { FlatPortfolio } from './flat-portfolio.ts';

/**
 * Applies edits to flat YAML line by line, so that every other line stays as it is; undefined: an edit needs more
 * than that, and nothing was done.
 */
export function applyToFlat(
  { yaml, repos }: FlatPortfolio,
  edits: readonly PortfolioEdit[],
): string | undefined {
  const changes: Changes = { values: new Map(), following: new Map(), gone: new Set() };
  const entries = new Map(repos.map(({ name }, index) => [name, yaml.list?.entries[index]]));
  const added: (readonly string[])[] = [];
  for (const edit of edits) {
    switch (edit.edit) {
      case 'header':
        if (!setAll(changes, headOf(yaml), edit.values)) return undefined;
        break;
      case 'set': {
        const entry = entries.get(edit.name);
        // An entry that was added a moment ago has no lines yet.
        if (entry === undefined && added.length > 0) return undefined;
        if (entry && !setAll(changes, { ...entry, after: entry.end }, edit.values)) return undefined;
        break;
      }
      case 'add': {
        const lines = linesOf(entryValues(edit.repo));
        if (lines === undefined) return undefined;
        added.push(lines);
        break;
      }
      case 'unset': {
        const entry = entries.get(edit.name);
        if (entry === undefined && added.length > 0) return undefined;
        if (entry && !unsetAll(changes, entry, edit.keys)) return undefined;
        break;
      }
      case 'remove':
        return undefined;
    }
  }
  return written(yaml, changes, added);
}

/** What becomes of single lines. */
interface Changes {
  /** By its line: a value that is put in the place of another. */
  readonly values: Map<number, { readonly pair: FlatPair; readonly value: unknown; readonly text: string }>;
  /** By the line that they follow (-1: none), and by their key. */
  readonly following: Map<number, Map<string, string>>;
  /** Lines that go. */
  readonly gone: Set<number>;
}

interface Place {
  readonly pairs: ReadonlyMap<string, FlatPair>;
  readonly indent: number;
  /** The line that a new key follows. */
  readonly after: number;
}

/** A new key of the head goes before the list, where people look for it, and never above the comment of the file. */
function headOf({ pairs, list, lines }: FlatYaml): Place {
  const last = [...pairs.values()].findLast(({ line }) => list === undefined || line < list.line);
  return { pairs, indent: 0, after: last?.line ?? (list?.line ?? withoutEnd(lines).length) - 1 };
}

function setAll(changes: Changes, place: Place, values: Readonly<Record<string, unknown>>): boolean {
  for (const [key, value] of Object.entries(values)) {
    const text = flatText(value);
    if (text === undefined) return false;
    const pair = place.pairs.get(key);
    if (pair) {
      if (changes.gone.has(pair.line)) return false;
      changes.values.set(pair.line, { pair, value, text });
    } else {
      const lines = changes.following.get(place.after) ?? new Map<string, string>();
      changes.following.set(place.after, lines.set(key, `${' '.repeat(place.indent)}${key}: ${text}`));
    }
  }
  return true;
}

/** False: a key stands beside the dash, or came a moment ago. */
function unsetAll(changes: Changes, { pairs, end }: FlatEntry, keys: readonly string[]): boolean {
  const [first] = pairs.values();
  for (const key of keys) {
    const pair = pairs.get(key);
    if ((pair && pair === first) || changes.following.get(end)?.has(key)) return false;
    if (pair) changes.gone.add(pair.line);
  }
  return true;
}

/** The lines of a new entry, from its first key on. */
function linesOf(values: Readonly<Record<string, unknown>>): readonly string[] | undefined {
  const lines = Object.entries(values).map(([key, value]) => {
    const text = flatText(value);
    return text === undefined ? undefined : `${key}: ${text}`;
  });
  return lines.includes(undefined) ? undefined : (lines as readonly string[]);
}

function written(
  yaml: FlatYaml,
  { values, following, gone }: Changes,
  added: readonly (readonly string[])[],
): string {
  const { list } = yaml;
  const lines = withoutEnd(yaml.lines);
  const lastEntry = list?.entries.at(-1);
  const addedAfter = lastEntry ? endWithComments(lines, lastEntry) : (list?.line ?? lines.length - 1);
  const indent = ' '.repeat((lastEntry?.indent ?? 4) - 2);
  const addedLines = [
    ...(list === undefined && added.length > 0 ? ['repos:'] : []),
    ...added.flatMap((entry) => entry.map((line, index) => `${indent}${index === 0 ? '- ' : '  '}${line}`)),
  ];
  const after = (line: number): readonly string[] => [
    ...(following.get(line)?.values() ?? []),
    ...(line === addedAfter ? addedLines : []),
  ];
  const own = (line: string, index: number): readonly string[] => {
    if (gone.has(index)) return [];
    const changed = values.get(index);
    if (changed && changed.value !== changed.pair.value) return [withValue(line, changed)];
    // `[]` says that there is nothing.
    return [index === list?.line && added.length > 0 ? line.replace(/^(\w+:) *\[\]/, '$1') : line];
  };
  const all = [...after(-1), ...lines.flatMap((line, index) => [...own(line, index), ...after(index)])];
  // A file that ends without a line end is left so, unless its last line goes: the one above it stays as it is.
  const last = lines.length - 1;
  const isWhole = yaml.lines.at(-1) === '' || (gone.has(last) && after(last).length === 0);
  return all.join('\n') + (all.length > 0 && isWhole ? '\n' : '');
}

/** A line with another value, in the quotes of the one before. */
function withValue(
  line: string,
  { pair, value, text }: { readonly pair: FlatPair; readonly value: unknown; readonly text: string },
): string {
  const quote = line[pair.from];
  let words = text;
  if (typeof value === 'string' && quote === '"') words = JSON.stringify(value);
  if (typeof value === 'string' && quote === "'" && !/\p{Cc}/u.test(value))
    words = `'${value.replaceAll("'", "''")}'`;
  return line.slice(0, pair.from) + words + line.slice(pair.to);
}

/** The comments below an entry that are indented like its keys are a part of it. */
function endWithComments(lines: readonly string[], { end, indent }: FlatEntry): number {
  let last = end;
  while ((/^( *)#/.exec(lines[last + 1] ?? '')?.[1]?.length ?? 0) > indent - 2) last += 1;
  return last;
}

/** What ends with a line end has no line behind it. */
function withoutEnd(lines: readonly string[]): readonly string[] {
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}
