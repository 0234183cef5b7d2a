import { type Document, isAlias, isMap, isScalar, isSeq, type YAMLMap, type YAMLSeq } from 'yaml';

import type { PortfolioEdit } from '../../ports/portfolio.ts';
import { entryValues } from './entry-values.ts';
import { listOf } from './read-portfolio.ts';

/** Applies edits to a YAML portfolio; comments, order and unknown keys stay. */
export function applyToYaml(document: Document, text: string, edits: readonly PortfolioEdit[]): string {
  const root = rootOf(document);
  for (const edit of edits) applyOne(document, root, edit);
  return document.toString({
    // Long objectives stay on one line, and a list keeps the indentation that its writer gave it.
    lineWidth: 0,
    indentSeq: !/^repos:[^\n]*\r?\n(?:\s*(?:#[^\n]*)?\n)*- /m.test(text),
    flowCollectionPadding: !/[[{][^\s\]}]/.test(text),
  });
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
  if (!isMap(document.contents)) document.contents = document.createNode({});
  return document.contents as YAMLMap;
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
  const list = listOf(document);
  if (!isSeq(list)) return undefined;
  for (const item of list.items) {
    const entry = isAlias(item) ? item.resolve(document) : item;
    if (isMap(entry) && nameOf(entry) === name) return entry;
  }
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
