import { type Document, isMap, isScalar, isSeq, type YAMLMap, type YAMLSeq } from 'yaml';
import type { IdeaEdit } from '../../ports/ideas.ts';
import { isJson } from '../portfolio/edit-json.ts';
import type { IdeasText } from './read-ideas.ts';
import { type EntryValues, spliceIdeas } from './splice-ideas.ts';

/** Applies edits to the text of `ideas.yaml`; comments, order, unknown keys and line ends stay. JSON stays JSON. */
export function editIdeas(before: string, read: IdeasText, edits: readonly IdeaEdit[]): string {
  const text = isJson(before) ? editJson(before, read, edits) : editYaml(before, read, edits);
  const mark = before.startsWith('\uFEFF') ? '\uFEFF' : '';
  const lines = /\r\n/.test(before) ? text.replace(/\r?\n/g, '\r\n') : text;
  return mark + lines.replace(/^\uFEFF/, '');
}

function valuesOf(edit: IdeaEdit): EntryValues {
  if (edit.edit === 'mark') return { status: edit.status, last_error: edit.lastError };
  const { id, title, summary, repoName } = edit.idea;
  return { id, title, ...(summary === '' ? {} : { summary }), status: 'NEW', repo_name: repoName };
}

function editYaml(before: string, read: IdeasText, edits: readonly IdeaEdit[]): string {
  const spliced = spliceIdeas(
    before,
    read,
    edits.map((edit) => ({ edit, values: valuesOf(edit) })),
  );
  if (spliced !== undefined) return spliced;
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
  return document.toString({
    // Long summaries stay on one line, and a list keeps the indentation that its writer gave it.
    lineWidth: 0,
    indentSeq: !/^ideas:[^\n]*\r?\n(?:\s*(?:#[^\n]*)?\n)*- /m.test(before),
    flowCollectionPadding: !/[[{][^\s\]}]/.test(before),
  });
}

function listIn(document: Document): YAMLSeq {
  if (!isMap(document.contents)) document.contents = document.createNode({});
  const root = document.contents as YAMLMap;
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
  const root = JSON.parse(before.replace(/^\uFEFF/, '')) as Record<string, unknown>;
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
