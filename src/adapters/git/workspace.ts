import { lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Sha } from '../../domain/repo.ts';
import type { Result } from '../../domain/result.ts';
import { failed, ok } from '../../domain/result.ts';
import type { GitFailure, Workspace } from '../../ports/mirrors.ts';
import { commitText, wholeLines, withoutCrud } from './commit-object.ts';
import { orDiskFailure } from './disk-failure.ts';
import { gitFailure } from './explain.ts';
import type { MirrorContext } from './mirror-context.ts';
import { inMirror, signedBy, trackingRef } from './mirror-context.ts';
import { readPlain, writePlain } from './plain-files.ts';
import { readRef, writeRef } from './ref-files.ts';
import { removeFolder } from './remove-folder.ts';
import { changedAside, setAside } from './set-aside.ts';
import { findStrays } from './stray-commits.ts';
import { tidyGitFolder } from './tidy-git-folder.ts';
import { todos } from './todos.ts';
import type { OpenWorkspace } from './workspace-files.ts';
import { inWorkspace, learnIndex, readTree, snapshot, snapshotWith } from './workspace-files.ts';

export async function openWorkspace(
  context: MirrorContext,
  session: string,
  at: Sha,
): Promise<Result<Workspace, GitFailure>> {
  const open = describe(context, session, at);
  if (lstatSync(open.folder, { throwIfNoEntry: false }) !== undefined) {
    return failed({ kind: 'git', message: `there is a workspace ${open.folder} already` });
  }
  const opened = await orDiskFailure(`opening the workspace of ${session}`, () => fill(open, at));
  if (!opened.ok) await removeAll(open.folder);
  return opened;
}

async function fill(open: OpenWorkspace, at: Sha): Promise<Result<Workspace, GitFailure>> {
  mkdirSync(open.folder, { recursive: true });
  const filled = await readTree(open, ['-u', '--reset', at]);
  // What the mirror lacks must be fetched the next time, though the branch stands where it did.
  if (!filled.ok) rmSync(path.join(open.context.gitDir, trackingRef(open.context.identity)), { force: true });
  if (!filled.ok) return failed(gitFailure(`filling the workspace with ${at}`, filled.stderr));
  const index = learnIndex(open);
  if (index.tree !== undefined) open.context.trees.set(at, index.tree);
  await tidyGitFolder({ ...open, sha: at, index: open.indexFile });
  return ok(workspaceOf(open));
}

/** `home` is where mirrors and workspaces are. */
export function discardWorkspace(home: string, session: string): Promise<void> {
  return removeAll(folderOf(home, session));
}

/** The names of all workspaces, also of those of which only a file beside them is left. */
export function workspaces(home: string): readonly string[] {
  const folder = path.join(home, 'workspaces');
  if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) return [];
  return [...new Set(readdirSync(folder).map((name) => name.replace(/\..*$/, '')))];
}

export async function adoptWorkspace(
  context: MirrorContext,
  session: string,
  base: Sha,
): Promise<Result<Workspace, GitFailure>> {
  const open = describe(context, session, base);
  if (lstatSync(open.folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    return failed({ kind: 'git', message: `the workspace ${open.folder} is gone` });
  }
  const last = (await readRef(context.gitDir, sessionRef(session))) ?? base;
  open.ours.add(last);
  // Whoever held these locks is gone with the process that had the lease.
  rmSync(`${open.indexFile}.lock`, { force: true });
  rmSync(open.indexFile, { force: true });
  const read = await readTree(open, [last]);
  if (!read.ok) return failed(gitFailure(`taking up the workspace of ${session}`, read.stderr));
  const index = learnIndex(open);
  if (index.tree !== undefined) context.trees.set(last, index.tree);
  return ok(workspaceOf(open));
}

function describe(context: MirrorContext, session: string, base: Sha): OpenWorkspace {
  const folder = folderOf(context.folder, session);
  return {
    context,
    session,
    folder,
    branch: `clone/${session}`,
    base,
    indexFile: `${folder}.index`,
    ours: new Set([base]),
    shown: new Set(),
    settled: new Set(),
    apart: new Set(),
    aside: new Map(),
  };
}

function folderOf(home: string, session: string): string {
  if (!/^[A-Za-z0-9][\w-]*$/.test(session)) throw new Error(`not a name for a session: ${session}`);
  return path.join(home, 'workspaces', session);
}

function workspaceOf(open: OpenWorkspace): Workspace {
  const remove = (): Promise<void> => removeAll(open.folder);
  return {
    folder: open.folder,
    branch: open.branch,
    base: open.base,
    snapshot: (than) => snapshot(open, than),
    changedAside: () => changedAside(open),
    setAside: () => setAside(open),
    commit: (tree, parent, message) => commit(open, tree, parent, message),
    readPlain: (file, maxBytes) => readPlain(open.folder, file, maxBytes),
    writePlain: (file, content) => writePlain(open.folder, file, content),
    snapshotWith: (than, files) => snapshotWith(open, than, files),
    todos: (tip) => todos(open, tip),
    resetTo: (sha) => resetTo(open, sha),
    bringBack: (sha) => bringBack(open, sha),
    strayCommits: () => findStrays(open),
    remove,
    [Symbol.asyncDispose]: remove,
  };
}

async function commit(
  open: OpenWorkspace,
  tree: string,
  parent: Sha,
  message: string,
): Promise<Result<Sha, GitFailure>> {
  const { context } = open;
  const written = await orDiskFailure('making the commit', () => writeCommit(context, tree, parent, message));
  if (!written.ok) return written;
  const sha = written.value;
  context.trees.set(sha, tree);
  context.parents.set(sha, parent);
  const author = `${withoutCrud(context.author.name)} <${withoutCrud(context.author.email)}>`;
  context.made.set(sha, { parent, tree, message: wholeLines(message), author });
  const settled = await settleAt(open, sha);
  return settled.ok ? ok(sha) : settled;
}

async function writeCommit(
  context: MirrorContext,
  tree: string,
  parent: Sha,
  message: string,
): Promise<Result<Sha, GitFailure>> {
  const text = commitText({ tree, parent, message, author: context.author }, new Date());
  if (text !== undefined) return ok(context.objects.write('commit', text));
  const out = await inMirror(context, ['commit-tree', tree, '-p', parent, '-F', '-'], {
    input: message,
    environment: signedBy(context.author),
  });
  return out.ok ? ok(out.stdout.trim()) : failed(gitFailure('making the commit', out.stderr));
}

async function resetTo(open: OpenWorkspace, sha: Sha): Promise<Result<void, GitFailure>> {
  const read = await readTree(open, ['-u', '--reset', sha]);
  if (!read.ok) return failed(gitFailure(`putting back the files of ${sha}`, read.stderr));
  const cleaned = await inWorkspace(open, ['clean', '-ffdq']);
  if (!cleaned.ok) return failed(gitFailure('removing what was left over', cleaned.stderr));
  open.apart.clear();
  learnIndex(open);
  return settleAt(open, sha);
}

async function bringBack(open: OpenWorkspace, sha: Sha): Promise<Result<void, GitFailure>> {
  const read = await readTree(open, ['-u', '--reset', sha]);
  if (!read.ok) return failed(gitFailure(`bringing back the files of ${sha}`, read.stderr));
  learnIndex(open);
  return ok(undefined);
}

/** Keeps the commit, and shows it to the agent as the tip of its branch. */
async function settleAt(open: OpenWorkspace, sha: Sha): Promise<Result<void, GitFailure>> {
  open.ours.add(sha);
  const kept = await orDiskFailure(`keeping ${sha}`, async () => {
    await writeRef(open.context.gitDir, sessionRef(open.session), sha);
    return ok(undefined);
  });
  // What the agent sees of it is a courtesy: it may have made its `.git` a place where nobody can write.
  await orDiskFailure('tidying', async () => {
    await tidyGitFolder({ ...open, sha, index: open.indexFile });
    return ok(undefined);
  });
  return kept;
}

function sessionRef(session: string): string {
  return `refs/clone/sessions/${session}`;
}

async function removeAll(folder: string): Promise<void> {
  await removeFolder(folder);
  for (const beside of ['.index', '.index.lock', '.exclude']) rmSync(`${folder}${beside}`, { force: true });
}
