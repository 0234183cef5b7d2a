/** A value as flat YAML holds it: one word or one line. */
export type FlatValue = string | number | boolean;

/** `key: value`, and where its value stands. */
export interface FlatPair {
  readonly value: FlatValue;
  /** Counted from 0. */
  readonly line: number;
  /** The columns of the value in its line: from, to. */
  readonly from: number;
  readonly to: number;
}

export interface FlatEntry {
  readonly pairs: ReadonlyMap<string, FlatPair>;
  /** Columns before its keys. */
  readonly indent: number;
  /** The line of its last pair. */
  readonly end: number;
}

/** What plain files of people look like: pairs, and at most one list of entries that are made of pairs. */
export interface FlatYaml {
  readonly lines: readonly string[];
  readonly pairs: ReadonlyMap<string, FlatPair>;
  /** The list: its key, its line, and its entries; a list without any is empty (`[]`) or has nothing behind its key. */
  readonly list:
    | { readonly key: string; readonly line: number; readonly entries: readonly FlatEntry[] }
    | undefined;
}

/**
 * Reads YAML that is flat and plain, many times faster than a parser of all of YAML. It answers only what every
 * parser would answer: whatever it is not sure of, mistakes too, is `undefined`, and is for a real parser.
 */
export function readFlatYaml(text: string): FlatYaml | undefined {
  if (unusual.test(text)) return undefined;
  const lines = text.split('\n');
  const pairs = new Map<string, FlatPair>();
  const entries: OpenEntry[] = [];
  let list: { key: string; line: number; indent: number | undefined } | undefined;
  let listIsOpen = false;

  for (const [line, words] of lines.entries()) {
    if (words === '' || /^ *(#|$)/.test(words)) continue;
    const [, spaces = '', dash, key] = lineForm.exec(words) ?? [];
    if (key === undefined || isNoText(key) || key === '__proto__') return undefined;
    const indent = spaces.length + (dash === undefined ? 0 : 2);
    const after = indent + key.length + 1;

    if (indent === 0) {
      if (pairs.has(key) || list?.key === key) return undefined;
      listIsOpen = false;
      const begins = /^ *(\[\] *)?(?: #|$)/.exec(words.slice(after));
      if (begins) {
        if (list) return undefined;
        list = { key, line, indent: undefined };
        listIsOpen = begins[1] === undefined;
        continue;
      }
      const pair = readPair(words, line, after);
      if (!pair) return undefined;
      pairs.set(key, pair);
      continue;
    }

    if (!list || !listIsOpen) return undefined;
    if (dash !== undefined) {
      list.indent ??= indent;
      entries.push({ pairs: new Map(), indent, end: line });
    }
    const entry = entries.at(-1);
    if (!entry || indent !== list.indent || entry.pairs.has(key)) return undefined;
    const pair = readPair(words, line, after);
    if (!pair) return undefined;
    entry.pairs.set(key, pair);
    entry.end = line;
  }
  return { lines, pairs, list: list && { key: list.key, line: list.line, entries } };
}

interface OpenEntry extends FlatEntry {
  readonly pairs: Map<string, FlatPair>;
  end: number;
}

/** What people do not type: control characters (tabs and carriage returns too), marks of direction and of byte order. */
const unusual =
  /[^\n\x20-\x7e\u00a1-\u1fff\u2010-\u2027\u2030-\u205e\u2070-\u2fff\u3001-\ud7ff\uf900-\ufefe\uff00-\uffef\ufffd\u{10000}-\u{10ffff}]/u;

const lineForm = /^( *)(- )?([a-z_][\w-]*):(?= |$)/i;

function readPair(words: string, line: number, after: number): FlatPair | undefined {
  let from = after;
  while (words[from] === ' ') from++;
  const rest = words.slice(from);
  if (rest.startsWith('"') || rest.startsWith("'")) {
    const quoted = (rest.startsWith('"') ? doubleForm : singleForm).exec(rest)?.[1];
    if (quoted === undefined) return undefined;
    const value = quoted.startsWith('"') ? (JSON.parse(quoted) as string) : unquoted(quoted);
    return { value, line, from, to: from + quoted.length };
  }
  const comment = rest.indexOf(' #');
  const plain = (comment < 0 ? rest : rest.slice(0, comment)).trimEnd();
  const value = plainValue(plain);
  return value === undefined ? undefined : { value, line, from, to: from + plain.length };
}

const doubleForm = /^("(?:[^"\\]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*") *(?: #.*)?$/;
const singleForm = /^('(?:[^']|'')*') *(?: #.*)?$/;

function unquoted(text: string): string {
  return text.slice(1, -1).replaceAll("''", "'");
}

/** What is written without quotes: text that can be nothing else, a plain whole number, true or false. */
function plainValue(text: string): FlatValue | undefined {
  if (text === 'true' || text === 'false') return text === 'true';
  if (/^(0|[1-9]\d{0,14})$/.test(text)) return Number(text);
  if (!/^[\w/~.$(+\u00a1-\u{10ffff}]/u.test(text) || /: |:$| #/.test(text)) return undefined;
  return isNoText(text) ? undefined : text;
}

/** What YAML takes for nothing, yes or no, or a number. */
function isNoText(text: string): boolean {
  return /^(~|null|true|false|[-+]?\.?(inf|nan)|[-+]?[\d.][\d.]*(e[-+]?\d+)?|0x[\da-f]+|0o[0-7]+)$/i.test(
    text,
  );
}

/**
 * How a value is written so that it is read back as it is; undefined: not on one plain line.
 */
export function flatText(value: unknown): string | undefined {
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return plainValue(String(value)) === value ? String(value) : undefined;
  if (typeof value !== 'string') return undefined;
  if (value.trim() === value && plainValue(value) === value && !unusual.test(value) && !value.includes('\n'))
    return value;
  const quoted = value.includes('"') && !/['\\\n]/.test(value) ? `'${value}'` : JSON.stringify(value);
  return unusual.test(quoted) ? undefined : quoted;
}
