import { type Document, isAlias, isMap, isScalar, isSeq, type YAMLMap, type YAMLSeq } from 'yaml';

import type { PortfolioEdit } from '../../ports/portfolio.ts';
import type { ListEntry } from './edit-in-place.ts';
import { entryValues } from './entry-values.ts';
import { listOf } from './read-portfolio.ts';

/** Applies edits to a YAML portfolio; comments, order and unknown keys stay. */
export function changeDocument(document: Document, edits: readonly PortfolioEdit[]): void {
  const root = rootOf(document);
  for (const edit of edits) applyOne(document, root, edit);
}

/** A changed document as text, in the manner of the text that it was read from. */
export function writtenAnew(document: Document, text: string): string {
  return document.toString({
    // Long objectives stay on one line, and a list keeps the indentation that its writer gave it.
    lineWidth: 0,
    indentSeq: !/^repos:[^\n]*\r?\n(?:\s*(?:#[^\n]*)?\n)*- /m.test(text),
    flowCollectionPadding: !/[[{][^\s\]}]/.test(text),
  });
}

/** The entries by their names: what stands in the list, and the pairs that it leads to. */
export function entriesIn(document: Document): ReadonlyMap<string, ListEntry> {
  const entries = new Map<string, ListEntry>();
  for (const entry of eachEntry(document)) if (!entries.has(entry.name)) entries.set(entry.name, entry);
  return entries;
}

function* eachEntry(document: Document): Generator<ListEntry & { readonly name: string }> {
  const list = listOf(document);
  if (!isSeq(list)) return;
  for (const item of list.items) {
    const map = isAlias(item) ? item.resolve(document) : item;
    const name = isMap(map) ? nameOf(map) : undefined;
    if (isMap(map) && name !== undefined) yield { name, map, item };
  }
}

function applyOne(document: Document, root: YAMLMap, edit: PortfolioEdit): void {
  switch (edit.edit) {
    case 'add':
      addEntry(document, root, entryValues(edit.repo));
      return;
    case 'set': {
      const entry = findEntry(document, edit.name);
      if (entry)
        for (const [key, value] of Object.entries(edit.values)) setValue(document, entry, key, value);
      return;
    }
    case 'unset': {
      const entry = findEntry(document, edit.name);
      for (const key of edit.keys) entry?.delete(key);
      return;
    }
    case 'remove': {
      const list = listOf(document);
      const entry = findEntry(document, edit.name);
      if (!isSeq(list) || !entry) return;
      list.items = list.items.filter((item) => (isAlias(item) ? item.resolve(document) : item) !== entry);
      if (list.items.length === 0) list.flow = true;
      return;
    }
    case 'header':
      for (const [key, value] of Object.entries(edit.values)) setHeader(document, root, key, value);
  }
}

function rootOf(document: Document): YAMLMap {
  const { contents } = document;
  if (isMap(contents)) return contents;
  const root = document.createNode({}) as YAMLMap;
  root.commentBefore = joined(contents?.commentBefore, contents?.comment);
  document.contents = root;
  return root;
}

function addEntry(document: Document, root: YAMLMap, values: Readonly<Record<string, unknown>>): void {
  const present = listOf(document);
  const list = isSeq(present) ? present : newList(document, root);
  // An empty list is written `[]`, and would pull its first entry onto that line.
  if (list.items.length === 0) list.flow = false;
  list.add(document.createNode(values, { flow: list.flow ?? false }));
}

function newList(document: Document, root: YAMLMap): YAMLSeq {
  const before: unknown = root.get('repos', true);
  const list = document.createNode([]) as YAMLSeq;
  if (isScalar(before)) {
    list.commentBefore = joined(before.commentBefore, before.comment);
  }
  root.set('repos', list);
  return list;
}

function joined(...comments: readonly (string | null | undefined)[]): string | null {
  const present = comments.filter((comment) => comment !== null && comment !== undefined);
  return present.length === 0 ? null : present.join('\n');
}

function findEntry(document: Document, name: string): YAMLMap | undefined {
  for (const entry of eachEntry(document)) if (entry.name === name) return entry.map;
  return undefined;
}

function nameOf(entry: YAMLMap): string | undefined {
  const name: unknown = entry.get('name', true);
  if (!isScalar(name)) return undefined;
  return typeof name.value === 'string' ? name.value : (name.source ?? String(name.value));
}

function setValue(document: Document, map: YAMLMap, key: string, value: unknown): void {
  const before: unknown = map.get(key, true);
  // In place, so that the comment behind the value stays; an alias must not change what it stands for.
  if (isScalar(before) && isPlain(value) && before.anchor === undefined) before.value = value;
  else map.set(key, document.createNode(value, { flow: map.flow ?? false }));
}

/** A new key of the head goes before the list, where people look for it, and never above the comment of the file. */
function setHeader(document: Document, root: YAMLMap, key: string, value: unknown): void {
  const list = root.items.findIndex((pair) => isScalar(pair.key) && pair.key.value === 'repos');
  if (root.has(key) || list < 0) {
    setValue(document, root, key, value);
    return;
  }
  const pair = document.createPair(key, value);
  const behind = root.items[list]?.key;
  if (list === 0 && isScalar(pair.key) && isScalar(behind)) {
    pair.key.commentBefore = behind.commentBefore ?? null;
    behind.commentBefore = null;
  }
  root.items.splice(list, 0, pair);
}

function isPlain(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
