import { letsIn } from './filter-pattern.ts';
import { asTexts } from './read-mapping.ts';
import type { PushEvent } from './types.ts';
import type { Mapping, Value } from './workflow.ts';

/** What happened, as far as `on:` asks; the files only when a path filter wants them. */
export interface Occasion {
  event: PushEvent['event'];
  ref: string;
  baseRef?: string | undefined;
  changedFiles(): Promise<string[] | undefined>;
}

/** Whether a workflow with these triggers starts. */
export async function startsOn(on: Mapping, occasion: Occasion): Promise<boolean> {
  const settings = on[occasion.event];
  if (settings === undefined) return false;
  const filters =
    settings !== null && typeof settings === 'object' && !Array.isArray(settings) ? settings : {};
  switch (occasion.event) {
    case 'workflow_dispatch':
      return true;
    case 'pull_request':
      return startsOnPullRequest(filters, occasion);
    case 'push':
      return startsOnPush(filters, occasion);
  }
}

async function startsOnPush(filters: Mapping, occasion: Occasion): Promise<boolean> {
  const tag = /^refs\/tags\/(.*)$/s.exec(occasion.ref)?.[1];
  // Path filters are not asked for tags.
  if (tag !== undefined) return refMatches(filters, 'tags', tag);
  const branch = /^refs\/heads\/(.*)$/s.exec(occasion.ref)?.[1];
  if (branch === undefined || !refMatches(filters, 'branches', branch)) return false;
  return pathsMatch(filters, occasion);
}

async function startsOnPullRequest(filters: Mapping, occasion: Occasion): Promise<boolean> {
  const types = filters['types'];
  const usual = ['opened', 'synchronize', 'reopened'];
  if (types !== undefined && !asTexts(types, 'types').some((type) => usual.includes(type))) return false;
  const base = occasion.baseRef?.replace(/^refs\/heads\//, '') ?? '';
  if (!nameMatches(filters, 'branches', base)) return false;
  return pathsMatch(filters, occasion);
}

/** A filter for branches alone leaves out tags, and the other way round. */
function refMatches(filters: Mapping, kind: 'branches' | 'tags', name: string): boolean {
  const asked = (of: string): boolean => filters[of] !== undefined || filters[`${of}-ignore`] !== undefined;
  if (!asked(kind) && asked(kind === 'tags' ? 'branches' : 'tags')) return false;
  return nameMatches(filters, kind, name);
}

function nameMatches(filters: Mapping, kind: string, name: string): boolean {
  const ignored = filters[`${kind}-ignore`];
  if (ignored !== undefined) return !letsIn(patterns(ignored), name);
  const wanted = filters[kind];
  return wanted === undefined || letsIn(patterns(wanted), name);
}

async function pathsMatch(filters: Mapping, occasion: Occasion): Promise<boolean> {
  if (filters['paths'] === undefined && filters['paths-ignore'] === undefined) return true;
  const files = await occasion.changedFiles();
  return files === undefined || files.some((file) => nameMatches(filters, 'paths', file));
}

function patterns(value: Value): string[] {
  return asTexts(value, 'filter');
}
