import { isDeepStrictEqual } from 'node:util';
import type { Document, YAMLMap } from 'yaml';

import { isJson, parseJson } from './edit-json.ts';
import { removeItem } from './remove-item.ts';
import { addItem, setHead } from './splice-items.ts';
import { type Splices, setPair, unsetPair } from './splice-pairs.ts';
import { addTogether, clash, type Splice, spliced } from './splices.ts';

/** One change to a list of entries, or to the head above it. A value that is undefined: the key goes. */
export type ListEdit =
  | { readonly edit: 'add'; readonly name: string; readonly values: Values }
  | { readonly edit: 'set'; readonly name: string; readonly values: Values }
  | { readonly edit: 'remove'; readonly name: string }
  | { readonly edit: 'header'; readonly values: Values };

type Values = Readonly<Record<string, unknown>>;

export interface ListText {
  /** The key of the list. */
  readonly list: string;
  readonly json: boolean;
  /** Undefined: that is no text of this kind. */
  read(text: string): ReadList | undefined;
}

/** A text as it was read, and not changed yet. */
export interface ReadList {
  readonly document: Document;
  /** The entries by their names. */
  readonly entries: ReadonlyMap<string, ListEntry>;
}

export interface ListEntry {
  readonly map: YAMLMap;
  /** What stands in the list: the map, or an alias for it. */
  readonly item: unknown;
}

/**
 * Edits the very text of a file: only the lines that say something else from now on are touched, and what stands
 * around them stays byte for byte. Undefined: the file is written in a way that only a parser can change.
 */
export function editInPlace(
  { text, ...first }: ReadList & { readonly text: string },
  edits: readonly ListEdit[],
  about: ListText,
): string | undefined {
  let now = text;
  let left = edits.flatMap(stepsOf);
  // Almost always one pass; what was made for the same words waits for the next one.
  for (let passes = 0; left.length > 0; passes++) {
    const read = passes === 0 ? first : passes < 32 ? about.read(now) : undefined;
    const made = read && onePass({ ...read, text: now, about }, left);
    if (made === undefined) return undefined;
    now = made.text;
    left = made.left;
  }
  return now;
}

/** Whether two documents say the same. */
export function saySame(one: Document | undefined, other: Document): boolean {
  return one !== undefined && isDeepStrictEqual(plain(one), plain(other));
}

/** Whether two texts are JSON and say the same. */
export function areSameJson(one: string, other: string): boolean {
  return isJson(one) && isDeepStrictEqual(parseJson(one), parseJson(other));
}

/** A text that was written anew, with the line ends and the byte order mark of the one before. */
export function endedAs(before: string, text: string): string {
  const mark = before.startsWith('\uFEFF') ? '\uFEFF' : '';
  const lines = /\r\n/.test(before) ? text.replace(/\r?\n/g, '\r\n') : text;
  return mark + lines.replace(/^\uFEFF/, '');
}

function plain(document: Document): unknown {
  return document.toJS({ maxAliasCount: 100 }) ?? {};
}

type Step =
  | { readonly step: 'key'; readonly name: string; readonly key: string; readonly value: unknown }
  | { readonly step: 'head'; readonly name: ''; readonly key: string; readonly value: unknown }
  | { readonly step: 'add'; readonly name: string; readonly values: Values }
  | { readonly step: 'remove'; readonly name: string };

function stepsOf(edit: ListEdit): readonly Step[] {
  switch (edit.edit) {
    case 'header':
      return Object.entries(edit.values).map(([key, value]) => ({ step: 'head', name: '', key, value }));
    case 'set':
      return Object.entries(edit.values).map(([key, value]) => ({
        step: 'key',
        name: edit.name,
        key,
        value,
      }));
    case 'add':
      return [{ step: 'add', name: edit.name, values: edit.values }];
    case 'remove':
      return [{ step: 'remove', name: edit.name }];
  }
}

interface Pass extends ReadList {
  readonly text: string;
  readonly about: ListText;
}

function onePass(
  pass: Pass,
  steps: readonly Step[],
): { readonly text: string; readonly left: Step[] } | undefined {
  const splices: (Splice & { readonly by: string })[] = [];
  const left: Step[] = [];
  // What is said of one name is said in order.
  const waiting = new Set<string>();
  const said = new Set<string>();
  let size = pass.entries.size;
  for (const step of steps) {
    const by = step.step === 'add' ? adding : step.name;
    const what = 'key' in step ? `${step.name}\n${step.key}` : step.name;
    const isLast = step.step === 'remove' && size === 1 && pass.entries.size > 1;
    const waits = isLast || waiting.has(by) || waiting.has(step.name) || said.has(what);
    const made = waits ? [] : splicesFor(pass, step);
    if (made === undefined) return undefined;
    // Several keys may be added to one entry, and several entries to the list.
    const clashes = (one: Splice): boolean =>
      splices.some((other) => clash(one, other) && !(other.by === by && addTogether(one, other)));
    if (waits || made.some(clashes)) {
      left.push(step);
      waiting.add(by).add(step.name);
      continue;
    }
    splices.push(...made.map((one) => ({ ...one, by })));
    said.add(what);
    if (step.step === 'remove' && pass.entries.has(step.name)) size -= 1;
    // Who comes later under that name is to be looked for in the new text; and a first entry makes the list.
    if (step.step === 'add' || step.step === 'remove') waiting.add(step.name);
    if (step.step === 'add' && pass.entries.size === 0) waiting.add(adding);
  }
  return { text: spliced(pass.text, splices), left };
}

/** Entries are added in order. No name holds a line end. */
const adding = '\n';

function splicesFor({ text, document, about, entries }: Pass, step: Step): Splices {
  const place = { document, key: about.list, json: about.json };
  const entry = entries.get(step.name);
  switch (step.step) {
    case 'head':
      return setHead(text, place, step);
    case 'add':
      return addItem(text, place, step.values);
    case 'remove':
      return entry ? removeItem(text, place, entry.item) : [];
    case 'key':
      if (!entry) return [];
      return step.value === undefined
        ? unsetPair(text, entry.map, step.key)
        : setPair(text, entry.map, { ...step, json: about.json });
  }
}
