import { parse } from 'yaml';
import { type FilterPattern, filterList } from './filter-pattern.ts';

export interface WorkflowFile {
  readonly path: string;
  readonly text: string;
}

export interface PushToJudge {
  readonly branch: string;
  /** Files that differ between the tip before and the pushed commit; undefined: not known. */
  readonly changedFiles: readonly string[] | undefined;
  readonly newBranch: boolean;
}

/** Whether one workflow starts on a push, and why, as the end of a sentence. */
export interface Start {
  readonly starts: 'yes' | 'no' | 'unknown';
  readonly why: string;
}

/** GitHub looks at the first 300 files of a push and no further; which are the first is for it to say. */
const filesLookedAt = 300;
const longestFile = 128 * 1024;

/** Reads a workflow file of the pushed tree. A file that GitHub cannot read starts too: as a failed run. */
export function startsOnPush(file: WorkflowFile, push: PushToJudge): Start {
  if (file.text.length > longestFile) return { starts: 'unknown', why: 'is too long to read' };
  const triggers = readTriggers(file.text);
  if (triggers === undefined) return { starts: 'yes', why: 'cannot be read, which GitHub reports as a run' };
  if (push.newBranch && triggers.has('create')) return { starts: 'yes', why: 'starts on a new branch' };
  if (!triggers.has('push')) return { starts: 'no', why: 'does not start on a push' };

  const filters = readFilters(triggers.get('push'));
  if (filters === undefined)
    return { starts: 'yes', why: 'has a broken filter, which GitHub reports as a run' };
  const branch = branchLetIn(filters, push.branch);
  if (branch !== 'yes') return { starts: branch, why: `does not start on branch ${push.branch}` };
  return pathsLetIn(filters, push);
}

type Filters = Readonly<Partial<Record<(typeof filterNames)[number], FilterPattern>>>;
const filterNames = ['branches', 'branches-ignore', 'tags', 'tags-ignore', 'paths', 'paths-ignore'] as const;

/** `on:` in its three forms as one; undefined: not a workflow. `true` is what older YAML makes of `on`. */
function readTriggers(text: string): ReadonlyMap<string, unknown> | undefined {
  const root = readYaml(text);
  if (!isMapping(root)) return undefined;
  const on = root['on'] ?? root['true'];
  if (!isMapping(root['jobs'])) return undefined;
  if (typeof on === 'string') return new Map([[on, null]]);
  if (Array.isArray(on)) return new Map(on.map((event: unknown) => [String(event), null]));
  return isMapping(on) ? new Map(Object.entries(on)) : undefined;
}

function readYaml(text: string): unknown {
  try {
    return parse(text, { logLevel: 'error', maxAliasCount: 50 });
  } catch {
    return undefined;
  }
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readFilters(settings: unknown): Filters | undefined {
  if (settings === null || settings === undefined) return {};
  if (!isMapping(settings)) return undefined;
  const filters: Partial<Record<(typeof filterNames)[number], FilterPattern>> = {};
  for (const name of filterNames) {
    const value = settings[name];
    if (value === undefined || value === null) continue;
    const filter = filterList((Array.isArray(value) ? value : [value]).map(String));
    if (!filter) return undefined;
    filters[name] = filter;
  }
  const both = (['branches', 'tags', 'paths'] as const).some(
    (name) => filters[name] && filters[`${name}-ignore`],
  );
  return both ? undefined : filters;
}

/** A filter for tags alone leaves branches out. */
function branchLetIn(filters: Filters, branch: string): 'yes' | 'no' {
  const { branches, 'branches-ignore': ignored } = filters;
  if (branches) return branches(branch) ? 'yes' : 'no';
  if (ignored) return ignored(branch) ? 'no' : 'yes';
  return filters.tags || filters['tags-ignore'] ? 'no' : 'yes';
}

function pathsLetIn(filters: Filters, { changedFiles, newBranch }: PushToJudge): Start {
  const { paths, 'paths-ignore': ignored } = filters;
  if (!paths && !ignored) return { starts: 'yes', why: 'starts on this push' };
  if (!changedFiles) return { starts: 'unknown', why: 'filters paths, and the changed files are not known' };

  const counts = (file: string): boolean => (paths ? paths(file) : !ignored?.(file));
  if (changedFiles.slice(0, filesLookedAt).some(counts)) {
    return { starts: 'yes', why: 'starts on the paths of this push' };
  }
  if (changedFiles.length > filesLookedAt) {
    return { starts: 'unknown', why: `filters paths, and more than ${filesLookedAt} files changed` };
  }
  if (newBranch) return { starts: 'unknown', why: 'filters paths, and the branch is new' };
  return { starts: 'no', why: 'does not start on the paths of this push' };
}
