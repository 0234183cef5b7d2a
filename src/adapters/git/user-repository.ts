import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ConfigValues } from './config-file.ts';
import { parseConfig, valueOf } from './config-file.ts';
import { readIfThere, readPointer } from './ref-files.ts';
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
export async function findRepository(folder: string): Promise<Place | undefined> {
  const checkout = await realpath(folder).catch(() => undefined);
  if (checkout === undefined) return undefined;
  const dotGit = path.join(checkout, '.git');
  const found = await stat(dotGit).catch(() => undefined);
  if (found?.isDirectory() === true) return placeOf(await realpath(dotGit), checkout);
  if (found?.isFile() === true) {
    const target = /^gitdir:\s*(.+)$/m.exec((await readIfThere(dotGit)) ?? '')?.[1]?.trim();
    const adminDir = target && (await realpath(path.resolve(checkout, target)).catch(() => undefined));
    return adminDir ? placeOf(adminDir, checkout) : undefined;
  }
  return placeOf(checkout, undefined);
}

async function placeOf(adminDir: string, checkout: string | undefined): Promise<Place | undefined> {
  const common = (await readIfThere(path.join(adminDir, 'commondir')))?.trim();
  const commonDir = common ? await realpath(path.resolve(adminDir, common)).catch(() => undefined) : adminDir;
  if (commonDir === undefined) return undefined;
  const parts = [path.join(adminDir, 'HEAD'), path.join(commonDir, 'objects')];
  const there = await Promise.all(parts.map((part) => lstat(part).catch(() => undefined)));
  return there.includes(undefined) ? undefined : { commonDir, adminDir, checkout };
}

export async function readConfig(commonDir: string): Promise<ConfigValues> {
  return parseConfig((await readIfThere(path.join(commonDir, 'config'))) ?? '');
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
export async function whereCheckedOut(commonDir: string, branch: string): Promise<WorkTree | undefined> {
  for (const tree of await workTreesOf(commonDir)) {
    const head = await readPointer(path.join(tree.adminDir, 'HEAD'));
    if (head?.kind === 'symbolic' && head.ref === `refs/heads/${branch}`) return tree;
  }
  return undefined;
}

async function workTreesOf(commonDir: string): Promise<WorkTree[]> {
  const config = await readConfig(commonDir);
  const trees: WorkTree[] = [];
  const named = valueOf(config, 'core.worktree');
  if (named !== undefined) trees.push({ folder: path.resolve(commonDir, named), adminDir: commonDir });
  else if (valueOf(config, 'core.bare') !== 'true') {
    trees.push({ folder: path.dirname(commonDir), adminDir: commonDir });
  }
  const linked = path.join(commonDir, 'worktrees');
  for (const name of await readdir(linked).catch(() => [])) {
    const adminDir = path.join(linked, name);
    const dotGit = (await readIfThere(path.join(adminDir, 'gitdir')))?.trim();
    if (dotGit) trees.push({ folder: path.dirname(path.resolve(adminDir, dotGit)), adminDir });
  }
  return trees;
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
export async function inProgress(adminDir: string): Promise<string | undefined> {
  for (const [file, what] of marks) {
    const found = await lstat(path.join(adminDir, file)).catch(() => undefined);
    if (found !== undefined) return what;
  }
  return undefined;
}
