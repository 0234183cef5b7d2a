import type { Repo } from '../domain/repo.ts';
import { type Instant, isoUtc } from '../domain/time.ts';
import { type ActivityWindow, isActive, lastWorked } from './membership.ts';

/** A repository as discovery saw it. */
export interface Seen {
  readonly path: string;
  /** The same repository has the same, whichever path it was reached by. */
  readonly gitDir: string;
  readonly defaultBranch: string | undefined;
  readonly lastActive: Instant | undefined;
  /** What the remote says, when it was asked. */
  readonly remotePushedAt?: Instant | undefined;
  readonly lastCommit: Instant | undefined;
  readonly about: string | undefined;
}

export interface MergeInput {
  /** The portfolio as it is now. */
  readonly repos: readonly Repo[];
  /** What a look at the path of each entry showed; `undefined`: nothing there. An entry without a look is left alone. */
  readonly looks: ReadonlyMap<string, Seen | undefined>;
  readonly found: readonly Seen[];
  readonly window: ActivityWindow;
}

type Values = Readonly<Record<string, unknown>>;
type Edit =
  | { readonly edit: 'add'; readonly repo: Repo }
  | { readonly edit: 'set'; readonly name: string; readonly values: Values }
  | { readonly edit: 'unset'; readonly name: string; readonly keys: readonly string[] };

export interface Merged {
  readonly edits: readonly Edit[];
  readonly added: readonly { readonly repo: Repo; readonly lastActive: Instant | undefined }[];
  readonly updated: readonly { readonly name: string; readonly changed: readonly string[] }[];
  /** Entries at whose path there is nothing now; they stay. */
  readonly missing: readonly string[];
  /** Entries that were missing and are there again. */
  readonly returned: readonly string[];
  readonly ignored: readonly string[];
  /** Found, but neither in the portfolio nor active. */
  readonly quiet: readonly Seen[];
  readonly unchanged: number;
}

/** Joins what was found with the portfolio. What a person wrote is never overwritten: only blanks are filled. */
export function mergeDiscovery({ repos, looks, found, window }: MergeInput): Merged {
  const entries = repos.map((repo) => refresh(repo, looks.has(repo.path), looks.get(repo.path)));
  const known = new Set(repos.map((repo) => looks.get(repo.path)?.gitDir));
  const knownPaths = new Set(repos.map((repo) => repo.path));
  const fresh = uniqueByGitDir(found).filter(
    ({ gitDir, path }) => !known.has(gitDir) && !knownPaths.has(path),
  );

  const names = new Set(repos.map(({ name }) => name));
  const added = fresh
    .filter((seen) => isActive(seen, window))
    .map((seen) => ({ repo: newEntry(seen, names), lastActive: lastWorked(seen) }));
  return {
    edits: [
      ...entries.flatMap(({ edits }) => edits),
      ...added.map(({ repo }): Edit => ({ edit: 'add', repo })),
    ],
    added,
    updated: entries.flatMap(({ name, changed }) => (changed.length > 0 ? [{ name, changed }] : [])),
    missing: entries.flatMap(({ name, isMissing }) => (isMissing ? [name] : [])),
    returned: entries.flatMap(({ name, hasReturned }) => (hasReturned ? [name] : [])),
    ignored: repos.filter(({ ignored }) => ignored).map(({ name }) => name),
    quiet: fresh.filter((seen) => !isActive(seen, window)),
    unchanged: entries.filter(({ edits }) => edits.length === 0).length,
  };
}

/** A new entry for a repository; its name is free, and is taken from now on. */
export function newEntry(seen: Seen, names: Set<string>): Repo {
  const name = freeName(seen.path, names);
  names.add(name);
  return {
    name,
    path: seen.path,
    branch: seen.defaultBranch ?? '',
    objective: objectiveOf(name, seen.about),
    lastCommit: seen.lastCommit === undefined ? undefined : isoUtc(seen.lastCommit),
    pinned: false,
    ignored: false,
    missing: false,
    options: {},
  };
}

function refresh(
  repo: Repo,
  looked: boolean,
  seen: Seen | undefined,
): {
  readonly name: string;
  readonly edits: readonly Edit[];
  readonly changed: readonly string[];
  readonly isMissing: boolean;
  readonly hasReturned: boolean;
} {
  const { name } = repo;
  if (!looked) return { name, edits: [], changed: [], isMissing: repo.missing, hasReturned: false };
  if (!seen) {
    const edits: Edit[] = repo.missing ? [] : [{ edit: 'set', name, values: { missing: true } }];
    return { name, edits, changed: [], isMissing: true, hasReturned: false };
  }
  const values: Record<string, unknown> = {};
  const lastCommit = seen.lastCommit === undefined ? undefined : isoUtc(seen.lastCommit);
  if (lastCommit !== undefined && !isSameMoment(repo.lastCommit, seen.lastCommit))
    values['last_commit'] = lastCommit;
  if (repo.branch === '' && seen.defaultBranch !== undefined) values['branch'] = seen.defaultBranch;
  if (repo.objective === '') values['objective'] = objectiveOf(name, seen.about);
  const changed = Object.keys(values);
  const edits: Edit[] = changed.length > 0 ? [{ edit: 'set', name, values }] : [];
  if (repo.missing) edits.push({ edit: 'unset', name, keys: ['missing'] });
  return { name, edits, changed, isMissing: false, hasReturned: repo.missing };
}

/** The first Clone wrote local times with an offset: the same moment is no change. */
function isSameMoment(written: string | undefined, seen: Instant | undefined): boolean {
  return written !== undefined && seen !== undefined && Math.abs(Date.parse(written) - seen) < 1000;
}

function uniqueByGitDir(found: readonly Seen[]): readonly Seen[] {
  const first = new Map<string, Seen>();
  for (const seen of found) if (!first.has(seen.gitDir)) first.set(seen.gitDir, seen);
  return [...first.values()];
}

/** `api`, else `work-api` after the folder around it, else `work-api-2`. */
function freeName(path: string, names: ReadonlySet<string>): string {
  const parts = path.split(/[/\\]/).filter((part) => part !== '');
  const [parent, last] = [parts.at(-2), parts.at(-1)].map((part) => plainName(part ?? ''));
  const base = (last ?? '').replace(/(?<=.)\.git$/, '') || 'repository';
  const candidates = [base, ...(parent ? [`${parent}-${base}`] : [])];
  const free = candidates.find((name) => !names.has(name));
  if (free !== undefined) return free;
  let count = 2;
  while (names.has(`${candidates.at(-1) ?? base}-${count}`)) count++;
  return `${candidates.at(-1) ?? base}-${count}`;
}

function plainName(part: string): string {
  return part.replace(/\p{C}/gu, '').trim();
}

function objectiveOf(name: string, about: string | undefined): string {
  const aim = `Keep ${name} production-ready.`;
  return about === undefined ? aim : `${aim} README: ${about}`;
}
