import type { PortfolioEdit } from '../../ports/portfolio.ts';
import { entryValues } from './entry-values.ts';

type JsonObject = Record<string, unknown>;

/** True for the first Clone's files: JSON under a `.yaml` name. They stay JSON. */
export function isJson(text: string): boolean {
  try {
    return isObject(parseJson(text));
  } catch {
    return false;
  }
}

/** What a JSON text says, which may begin with a byte order mark. */
export function parseJson(text: string): unknown {
  return JSON.parse(text.replace(/^\uFEFF/, ''));
}

/** Applies edits to a JSON portfolio; unknown keys, order and indentation stay. */
export function applyToJson(text: string, edits: readonly PortfolioEdit[]): string {
  const root = parseJson(text) as JsonObject;
  const repos = Array.isArray(root['repos']) ? (root['repos'] as unknown[]) : [];
  const entry = (name: string): JsonObject | undefined =>
    repos.filter(isObject).find((candidate) => String(candidate['name']) === name);
  for (const edit of edits) {
    switch (edit.edit) {
      case 'add':
        repos.push(entryValues(edit.repo));
        root['repos'] = repos;
        break;
      case 'set':
        Object.assign(entry(edit.name) ?? {}, edit.values);
        break;
      case 'unset':
        for (const key of edit.keys) Reflect.deleteProperty(entry(edit.name) ?? {}, key);
        break;
      case 'remove': {
        const gone = entry(edit.name);
        if (gone) repos.splice(repos.indexOf(gone), 1);
        break;
      }
      case 'header':
        Object.assign(root, edit.values);
        break;
    }
  }
  const indent = /^\s*\{\r?\n([ \t]+)/.exec(text)?.[1] ?? (text.includes('\n') ? '  ' : '');
  return `${JSON.stringify(root, undefined, indent)}\n`;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
