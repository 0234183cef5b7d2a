import { lstatSync } from 'node:fs';
import path from 'node:path';
import type { Sha } from '../../domain/repo.ts';
import type { Result } from '../../domain/result.ts';
import { failed, ok } from '../../domain/result.ts';
import type { GitFailure } from '../../ports/mirrors.ts';
import { amendTree } from './amend-tree.ts';
import { orDiskFailure } from './disk-failure.ts';
import { gitFailure } from './explain.ts';
import { findEmbedded } from './find-embedded.ts';
import type { IndexFacts } from './index-file.ts';
import { readIndex, readWholeIndex } from './index-file.ts';
import type { MirrorContext } from './mirror-context.ts';
import { inMirror } from './mirror-context.ts';
import { writePlain } from './plain-files.ts';
import type { GitOutput } from './run-git.ts';
import { writeTrees } from './write-trees.ts';

/** A workspace with what a session of ours must remember of it. */
export interface OpenWorkspace {
  readonly context: MirrorContext;
  readonly session: string;
  readonly folder: string;
  readonly branch: string;
  readonly base: Sha;
  /** Our own index, out of the agent's reach. */
  readonly indexFile: string;
  /** Commits of ours; anything else in the workspace is the agent's. */
  readonly ours: Set<Sha>;
  /** Trees that a snapshot has shown. */
  readonly shown: Set<string>;
  /** Commits of the agent's that were looked at: each is kept and told once. */
  readonly settled: Set<Sha>;
  /** Other repositories inside: submodules stay as they are, and what the agent made is left out. */
  readonly apart: Set<string>;
  /** Files that setup made, with what tells whether somebody changed them since. */
  readonly aside: Map<string, string | undefined>;
}

/**
 * Everything runs on the mirror's git directory with our index: the workspace's `.git` is never asked, so its
 * hooks, filters, settings and refs do not matter, nor whether it is still there.
 */
export function inWorkspace(
  open: OpenWorkspace,
  args: readonly string[],
  input?: string,
): Promise<GitOutput> {
  return inMirror(open.context, args, {
    workTree: open.folder,
    indexFile: open.indexFile,
    input,
    // Files that were copied in from the user's checkout are not ours to commit.
    settings: [['core.excludesFile', `${open.folder}.exclude`]],
  });
}

export function readTree(open: OpenWorkspace, args: readonly string[]): Promise<GitOutput> {
  return inWorkspace(open, ['read-tree', ...args]);
}

export function learnIndex(open: OpenWorkspace): IndexFacts {
  const index = readIndex(open.indexFile, open.context.objects.hashBytes);
  for (const link of index.gitlinks) open.apart.add(link);
  return index;
}

export async function snapshot(
  open: OpenWorkspace,
  than: Sha,
): Promise<Result<{ tree: string; changed: boolean; leftOut: readonly string[] }, GitFailure>> {
  const before = new Set(readIndex(open.indexFile, open.context.objects.hashBytes).gitlinks);
  // What has lost its `.git` is a plain folder again.
  for (const folder of open.apart) {
    const isOther = before.has(folder) || isThere(path.join(open.folder, folder, '.git'));
    if (!isOther) open.apart.delete(folder);
  }
  let added = await addAll(open);
  if (!added.ok) {
    // A repository without a commit stops `git add`; it is the agent's own and is left out.
    for (const folder of await findEmbedded(open.folder)) open.apart.add(folder);
    added = await addAll(open);
  }
  if (!added.ok) return failed(gitFailure('reading the files of the workspace', added.stderr));

  let index = learnIndex(open);
  const embedded = index.gitlinks.filter((link) => !before.has(link));
  if (embedded.length > 0) {
    const input = embedded.map((link) => `${link}\0`).join('');
    const taken = await inWorkspace(open, ['update-index', '--force-remove', '-z', '--stdin'], input);
    if (!taken.ok) return failed(gitFailure('leaving out a repository in the workspace', taken.stderr));
    index = learnIndex(open);
  }
  const tree = await writeTree(open, index);
  if (!tree.ok) return tree;
  const known = await treeOf(open.context, than);
  if (!known.ok) return known;
  open.shown.add(tree.value);
  const leftOut = [...open.apart].filter((folder) => !before.has(folder));
  return ok({ tree: tree.value, changed: tree.value !== known.value, leftOut });
}

/**
 * A snapshot of what is at `than` but for these files, which are written first. Most of the time that takes no git: the
 * tree of `than` is known, and only lines of it change.
 */
export async function snapshotWith(
  open: OpenWorkspace,
  than: Sha,
  files: ReadonlyMap<string, string>,
): Promise<Result<{ tree: string; changed: boolean; missing: readonly string[] }, GitFailure>> {
  const { context } = open;
  const written = await orDiskFailure('writing into the workspace', async () => {
    let all = true;
    for (const [file, text] of files) all = (await writePlain(open.folder, file, text)) && all;
    const before = context.trees.get(than);
    // What was copied in from the user's checkout is ignored by name, in a file of ours.
    const askGit = !all || before === undefined || isThere(`${open.folder}.exclude`);
    return ok(askGit ? undefined : { before, tree: amendTree(context.objects, before, files) });
  });
  if (!written.ok) return written;
  if (written.value?.tree !== undefined) {
    const { before, tree } = written.value;
    open.shown.add(tree);
    return ok({ tree, changed: tree !== before, missing: [] });
  }
  const whole = await snapshot(open, than);
  if (!whole.ok) return whole;
  const names = [...files.keys()];
  const there = readIndex(open.indexFile, context.objects.hashBytes, names).files;
  return ok({ ...whole.value, missing: names.filter((name) => !there.includes(name)) });
}

/** Other repositories are kept out by name: `git add` would run `git status` in them, with their settings. */
function addAll(open: OpenWorkspace): Promise<GitOutput> {
  if (open.apart.size === 0) return inWorkspace(open, ['add', '--all']);
  const specs = [':(top)', ...[...open.apart].map((folder) => `:(top,exclude,literal)${folder}`)];
  const input = specs.map((spec) => `${spec}\0`).join('');
  return inWorkspace(open, ['add', '--all', '--pathspec-from-file=-', '--pathspec-file-nul'], input);
}

function writeTree(open: OpenWorkspace, index: IndexFacts): Promise<Result<string, GitFailure>> {
  return orDiskFailure('writing the tree', async () => {
    if (index.tree !== undefined) return ok(index.tree);
    const { objects } = open.context;
    const whole = readWholeIndex(open.indexFile, objects.hashBytes);
    const written = whole && writeTrees(objects, whole);
    if (written !== undefined) return ok(written);
    const out = await inWorkspace(open, ['write-tree']);
    return out.ok ? ok(out.stdout.trim()) : failed(gitFailure('writing the tree', out.stderr));
  });
}

async function treeOf(context: MirrorContext, sha: Sha): Promise<Result<string, GitFailure>> {
  const known = context.trees.get(sha);
  if (known !== undefined) return ok(known);
  const out = await inMirror(context, ['rev-parse', '--verify', '--end-of-options', `${sha}^{tree}`]);
  if (!out.ok) return failed(gitFailure(`looking up ${sha}`, out.stderr));
  const tree = out.stdout.trim();
  context.trees.set(sha, tree);
  return ok(tree);
}

function isThere(file: string): boolean {
  try {
    return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}
