import { type Document, isMap, isScalar, isSeq, type YAMLMap, type YAMLSeq } from 'yaml';
import { failed, ok, type Result } from '../../domain/result.ts';
import type { IdeaEdit } from '../../ports/ideas.ts';
import type { FileProblem } from '../../ports/portfolio.ts';
import { aliasStillUsed } from '../portfolio/alias-still-used.ts';
import {
  areSameJson,
  editInPlace,
  endedAs,
  type ListEdit,
  type ListText,
  type ReadList,
  saySame,
} from '../portfolio/edit-in-place.ts';
import { isJson, parseJson } from '../portfolio/edit-json.ts';
import type { IdeasText } from './read-ideas.ts';

export interface IdeaEdits {
  readonly edits: readonly IdeaEdit[];
  readonly file: string;
  /** Undefined: that is no text of `ideas.yaml`. */
  readText(text: string): IdeasText | undefined;
}

/** The keys that an edit gives an entry; undefined: the key goes. */
type EntryValues = Readonly<Record<string, string | undefined>>;

/**
 * Applies edits to the text of `ideas.yaml`: in place where that says what is meant, so that nothing else of it
 * moves, and else as a parser writes it; comments, order and unknown keys stay. JSON stays JSON.
 */
export function editIdeas(
  before: string,
  read: IdeasText,
  { edits, file, readText }: IdeaEdits,
): Result<string, FileProblem> {
  const json = isJson(before);
  const listText: ListText = {
    list: 'ideas',
    json,
    read(text) {
      const again = readText(text);
      return again && asList(again);
    },
  };
  const inPlace = editInPlace({ text: before, ...asList(read) }, edits.map(listEdit), listText);
  if (json) {
    const anew = editJson(before, read, edits);
    return ok(inPlace !== undefined && areSameJson(inPlace, anew) ? inPlace : endedAs(before, anew));
  }
  try {
    changeDocument(read, edits);
    if (inPlace !== undefined && saySame(readText(inPlace)?.document, read.document)) return ok(inPlace);
    return ok(endedAs(before, writtenAnew(read.document, before)));
  } catch (error) {
    return failed(aliasStillUsed(error, before, file));
  }
}

function asList(read: IdeasText): ReadList {
  const entries = new Map<string, { map: YAMLMap; item: unknown }>();
  for (const [index, { id }] of read.ideas.entries()) {
    const map = read.entries[index];
    if (map && !entries.has(id)) entries.set(id, { map, item: map });
  }
  return { document: read.document, entries };
}

function listEdit(edit: IdeaEdit): ListEdit {
  const values = valuesOf(edit);
  return edit.edit === 'mark'
    ? { edit: 'set', name: edit.id, values }
    : { edit: 'add', name: edit.idea.id, values };
}

function valuesOf(edit: IdeaEdit): EntryValues {
  if (edit.edit === 'mark') return { status: edit.status, last_error: edit.lastError };
  const { id, title, summary, repoName } = edit.idea;
  return { id, title, ...(summary === '' ? {} : { summary }), status: 'NEW', repo_name: repoName };
}

function changeDocument(read: IdeasText, edits: readonly IdeaEdit[]): void {
  const { document } = read;
  for (const edit of edits) {
    if (edit.edit === 'add') {
      listIn(document).add(document.createNode(valuesOf(edit)));
      continue;
    }
    const entry = read.entries[read.ideas.findIndex(({ id }) => id === edit.id)];
    if (!entry) continue;
    for (const [key, value] of Object.entries(valuesOf(edit))) setValue(document, entry, key, value);
  }
}

function writtenAnew(document: Document, before: string): string {
  return document.toString({
    // Long summaries stay on one line, and a list keeps the indentation that its writer gave it.
    lineWidth: 0,
    indentSeq: !/^ideas:[^\n]*\r?\n(?:\s*(?:#[^\n]*)?\n)*- /m.test(before),
    flowCollectionPadding: !/[[{][^\s\]}]/.test(before),
  });
}

function listIn(document: Document): YAMLSeq {
  const root = isMap(document.contents) ? document.contents : newRoot(document);
  const present: unknown = root.get('ideas', true);
  if (isSeq(present)) {
    // An empty list is written `[]`, and would pull its first entry onto that line.
    if (present.items.length === 0) present.flow = false;
    return present;
  }
  const list = document.createNode([]) as YAMLSeq;
  root.set('ideas', list);
  return list;
}

/** What was said where nothing was stays above. */
function newRoot(document: Document): YAMLMap {
  const root = document.createNode({}) as YAMLMap;
  const { commentBefore, comment } = document.contents ?? {};
  root.commentBefore = [commentBefore, comment].filter((part) => typeof part === 'string').join('\n') || null;
  document.contents = root;
  return root;
}

function setValue(document: Document, entry: YAMLMap, key: string, value: string | undefined): void {
  if (value === undefined) {
    entry.delete(key);
    return;
  }
  const present: unknown = entry.get(key, true);
  // In place, so that the comment behind the value stays; an alias must not change what it stands for.
  if (isScalar(present) && present.anchor === undefined) present.value = value;
  else entry.set(key, document.createNode(value, { flow: entry.flow ?? false }));
}

function editJson(before: string, read: IdeasText, edits: readonly IdeaEdit[]): string {
  const root = parseJson(before) as Record<string, unknown>;
  const list = Array.isArray(root['ideas']) ? (root['ideas'] as Record<string, unknown>[]) : [];
  root['ideas'] = list;
  for (const edit of edits) {
    const at = edit.edit === 'mark' ? read.ideas.findIndex(({ id }) => id === edit.id) : -1;
    const entry = edit.edit === 'add' ? {} : list[at];
    if (!entry) continue;
    for (const [key, value] of Object.entries(valuesOf(edit))) {
      if (value === undefined) Reflect.deleteProperty(entry, key);
      else entry[key] = value;
    }
    if (edit.edit === 'add') list.push(entry);
  }
  const indent = /^\s*\{\r?\n([ \t]+)/.exec(before)?.[1] ?? (before.includes('\n') ? '  ' : '');
  return `${JSON.stringify(root, undefined, indent)}\n`;
}
