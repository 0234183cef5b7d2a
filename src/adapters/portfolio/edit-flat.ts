import { type FlatPair, type FlatYaml, flatText } from '../../domain/flat-yaml.ts';
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
  const changes: Changes = { values: new Map(), following: new Map() };
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
      case 'unset':
      case 'remove':
        return undefined;
    }
  }
  return written(yaml, changes, added);
}

/** What becomes of single lines. */
interface Changes {
  /** By its line: a value that is put in the place of another. */
  readonly values: Map<number, { readonly pair: FlatPair; readonly text: string }>;
  /** By the line that they follow (-1: none), and by their key. */
  readonly following: Map<number, Map<string, string>>;
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
      changes.values.set(pair.line, { pair, text });
    } else {
      const lines = changes.following.get(place.after) ?? new Map<string, string>();
      changes.following.set(place.after, lines.set(key, `${' '.repeat(place.indent)}${key}: ${text}`));
    }
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
  { values, following }: Changes,
  added: readonly (readonly string[])[],
): string {
  const { list } = yaml;
  const lines = withoutEnd(yaml.lines);
  const lastEntry = list?.entries.at(-1);
  const addedAfter = lastEntry?.end ?? list?.line ?? lines.length - 1;
  const indent = ' '.repeat((lastEntry?.indent ?? 4) - 2);
  const addedLines = [
    ...(list === undefined && added.length > 0 ? ['repos:'] : []),
    ...added.flatMap((entry) => entry.map((line, index) => `${indent}${index === 0 ? '- ' : '  '}${line}`)),
  ];
  const after = (line: number): readonly string[] => [
    ...(following.get(line)?.values() ?? []),
    ...(line === addedAfter ? addedLines : []),
  ];
  const own = (line: string, index: number): string => {
    const changed = values.get(index);
    if (changed) return line.slice(0, changed.pair.from) + changed.text + line.slice(changed.pair.to);
    // `[]` says that there is nothing.
    return index === list?.line && added.length > 0 ? line.replace(/^(\w+:) *\[\]/, '$1') : line;
  };
  const all = [...after(-1), ...lines.flatMap((line, index) => [own(line, index), ...after(index)])];
  return all.length === 0 ? '' : `${all.join('\n')}\n`;
}

/** What ends with a line end has no line behind it. */
function withoutEnd(lines: readonly string[]): readonly string[] {
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}
