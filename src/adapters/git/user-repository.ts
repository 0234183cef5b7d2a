import { lstatSync, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import path from 'node:path';
import type { ConfigValues } from './config-file.ts';
import { parseConfig, valueOf } from './config-file.ts';
import { promised } from './promised.ts';
import { pointerIn, textOf } from './ref-files.ts';
import type { Remote } from './remote-url.ts';
import { parseRemote } from './remote-url.ts';

/** Where the parts of a repository lie. */
export interface Place {
  /** The common git directory, resolved: the repository itself, whichever work tree it was reached by. */
  readonly commonDir: string;
  /** What belongs to this one work tree: its HEAD, its index, its operation in progress. */
  readonly adminDir: string;
  /** Undefined: bare. */
  readonly checkout: string | undefined;
}

/** Finds the repository at a path without starting git; undefined: there is none exactly there. */
export function findRepository(folder: string): Promise<Place | undefined> {
  return promised(() => {
    const checkout = realPath(folder);
    if (checkout === undefined) return undefined;
    const dotGit = path.join(checkout, '.git');
    const found = stats(dotGit);
    if (found?.isDirectory() === true) return placeOf(realpathSync.native(dotGit), checkout);
    if (found?.isFile() === true) {
      const target = /^gitdir:\s*(.+)$/m.exec(textOf(dotGit) ?? '')?.[1]?.trim();
      const adminDir = target && realPath(path.resolve(checkout, target));
      return adminDir ? placeOf(adminDir, checkout) : undefined;
    }
    return placeOf(checkout, undefined);
  });
}

function placeOf(adminDir: string, checkout: string | undefined): Place | undefined {
  const common = textOf(path.join(adminDir, 'commondir'))?.trim();
  const commonDir = common ? realPath(path.resolve(adminDir, common)) : adminDir;
  if (commonDir === undefined) return undefined;
  const parts = [path.join(adminDir, 'HEAD'), path.join(commonDir, 'objects')];
  return parts.every(isThere) ? { commonDir, adminDir, checkout } : undefined;
}

function stats(file: string): Stats | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function realPath(file: string): string | undefined {
  try {
    return realpathSync.native(file);
  } catch {
    return undefined;
  }
}

export function readConfig(commonDir: string): Promise<ConfigValues> {
  return promised(() => configOf(commonDir));
}

function configOf(commonDir: string): ConfigValues {
  return parseConfig(textOf(path.join(commonDir, 'config')) ?? '');
}

/** The name of the remote that a branch belongs to; undefined: the repository has none. */
export function remoteName(config: ConfigValues, branch: string): string | undefined {
  const names = [...config.keys()].flatMap((key) => /^remote\.(.+)\.url$/.exec(key)?.[1] ?? []);
  const upstream = valueOf(config, `branch.${branch}.remote`);
  if (upstream !== undefined && names.includes(upstream)) return upstream;
  return names.includes('origin') ? 'origin' : names.length === 1 ? names[0] : undefined;
}

export interface Remotes {
  readonly fetch: Remote;
  readonly push: Remote;
}

/** Where to fetch from and push to, from the user's own configuration; `url.*.insteadOf` is not followed. */
export function readRemotes(config: ConfigValues, branch: string, from: string): Remotes | undefined {
  const name = remoteName(config, branch);
  const url = name === undefined ? undefined : config.get(`remote.${name}.url`)?.[0];
  if (name === undefined || url === undefined || url === '') return undefined;
  const pushUrl = config.get(`remote.${name}.pushurl`)?.[0] ?? url;
  return { fetch: parseRemote(url, from), push: parseRemote(pushUrl, from) };
}

/** A work tree of the user's that has a branch checked out. */
export interface WorkTree {
  readonly folder: string;
  readonly adminDir: string;
}

/** The work tree, main or linked, that has the branch checked out; undefined: nobody has. */
export function whereCheckedOut(commonDir: string, branch: string): Promise<WorkTree | undefined> {
  return promised(() =>
    workTreesOf(commonDir).find((tree) => {
      const head = pointerIn(path.join(tree.adminDir, 'HEAD'));
      return head?.kind === 'symbolic' && head.ref === `refs/heads/${branch}`;
    }),
  );
}

function workTreesOf(commonDir: string): WorkTree[] {
  const config = configOf(commonDir);
  const trees: WorkTree[] = [];
  const named = valueOf(config, 'core.worktree');
  if (named !== undefined) trees.push({ folder: path.resolve(commonDir, named), adminDir: commonDir });
  else if (valueOf(config, 'core.bare') !== 'true') {
    trees.push({ folder: path.dirname(commonDir), adminDir: commonDir });
  }
  const linked = path.join(commonDir, 'worktrees');
  for (const name of namesIn(linked)) {
    const adminDir = path.join(linked, name);
    const dotGit = textOf(path.join(adminDir, 'gitdir'))?.trim();
    if (dotGit) trees.push({ folder: path.dirname(path.resolve(adminDir, dotGit)), adminDir });
  }
  return trees;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

const marks: readonly (readonly [file: string, what: string])[] = [
  ['rebase-merge', 'a rebase is in progress'],
  ['rebase-apply', 'a rebase is in progress'],
  ['MERGE_HEAD', 'a merge is in progress'],
  ['CHERRY_PICK_HEAD', 'a cherry-pick is in progress'],
  ['REVERT_HEAD', 'a revert is in progress'],
  ['BISECT_LOG', 'a bisect is in progress'],
  ['index.lock', 'another git is at work there (index.lock)'],
];

/** What the user, or another git, is in the middle of; undefined: nothing. */
export function inProgress(adminDir: string): string | undefined {
  return marks.find(([file]) => isThere(path.join(adminDir, file)))?.[1];
}

function isThere(file: string): boolean {
  try {
    return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}
