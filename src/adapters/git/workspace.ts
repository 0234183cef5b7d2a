import { appendFile, chmod, lstat, mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Sha } from '../../domain/repo.ts';
import type { Result } from '../../domain/result.ts';
import { failed, ok } from '../../domain/result.ts';
import type { GitFailure, Workspace } from '../../ports/mirrors.ts';
import { orDiskFailure } from './disk-failure.ts';
import { excludePattern } from './exclude-pattern.ts';
import { gitFailure } from './explain.ts';
import type { MirrorContext } from './mirror-context.ts';
import { inMirror, signedBy } from './mirror-context.ts';
import { readRef, writeRef } from './ref-files.ts';
import { findStrays } from './stray-commits.ts';
import { tidyGitFolder } from './tidy-git-folder.ts';
import type { OpenWorkspace } from './workspace-files.ts';
import { inWorkspace, learnIndex, readTree, snapshot } from './workspace-files.ts';

export async function openWorkspace(
  context: MirrorContext,
  session: string,
  at: Sha,
): Promise<Result<Workspace, GitFailure>> {
  const open = describe(context, session, at);
  if ((await lstat(open.folder).catch(() => undefined)) !== undefined) {
    return failed({ kind: 'git', message: `there is a workspace ${open.folder} already` });
  }
  const opened = await orDiskFailure(`opening the workspace of ${session}`, () => fill(open, at));
  if (!opened.ok) await removeAll(open);
  return opened;
}

async function fill(open: OpenWorkspace, at: Sha): Promise<Result<Workspace, GitFailure>> {
  await mkdir(open.folder, { recursive: true });
  const filled = await readTree(open, ['-u', '--reset', at]);
  if (!filled.ok) return failed(gitFailure(`filling the workspace with ${at}`, filled.stderr));
  const index = await learnIndex(open);
  if (index.tree !== undefined) open.context.trees.set(at, index.tree);
  await tidyGitFolder({ ...open, sha: at, index: open.indexFile });
  return ok(workspaceOf(open));
}

export async function adoptWorkspace(
  context: MirrorContext,
  session: string,
  base: Sha,
): Promise<Result<Workspace, GitFailure>> {
  const open = describe(context, session, base);
  if ((await lstat(open.folder).catch(() => undefined))?.isDirectory() !== true) {
    return failed({ kind: 'git', message: `the workspace ${open.folder} is gone` });
  }
  const last = (await readRef(context.gitDir, sessionRef(session))) ?? base;
  open.ours.add(last);
  // Whoever held these locks is gone with the process that had the lease.
  await rm(`${open.indexFile}.lock`, { force: true });
  await rm(open.indexFile, { force: true });
  const read = await readTree(open, [last]);
  if (!read.ok) return failed(gitFailure(`taking up the workspace of ${session}`, read.stderr));
  const index = await learnIndex(open);
  if (index.tree !== undefined) context.trees.set(last, index.tree);
  return ok(workspaceOf(open));
}

function describe(context: MirrorContext, session: string, base: Sha): OpenWorkspace {
  if (!/^[A-Za-z0-9][\w-]*$/.test(session)) throw new Error(`not a name for a session: ${session}`);
  const folder = path.join(context.folder, 'workspaces', session);
  return {
    context,
    session,
    folder,
    branch: `clone/${session}`,
    base,
    indexFile: `${folder}.index`,
    ours: new Set([base]),
    shown: new Set(),
    apart: new Set(),
  };
}

function workspaceOf(open: OpenWorkspace): Workspace {
  const remove = (): Promise<void> => removeAll(open);
  return {
    folder: open.folder,
    branch: open.branch,
    base: open.base,
    snapshot: (than) => snapshot(open, than),
    setAside: () => setAside(open),
    commit: (tree, parent, message) => commit(open, tree, parent, message),
    resetTo: (sha) => resetTo(open, sha),
    strayCommits: () => findStrays(open),
    remove,
    [Symbol.asyncDispose]: remove,
  };
}

async function setAside(open: OpenWorkspace): Promise<Result<readonly string[], GitFailure>> {
  const listed = await inWorkspace(open, ['ls-files', '--others', '--exclude-standard', '--directory', '-z']);
  if (!listed.ok) return failed(gitFailure('listing what setup left', listed.stderr));
  const fresh = listed.stdout
    .split('\0')
    .filter((name) => name !== '' && name !== '.git/' && !name.includes('\n'));
  return orDiskFailure('setting aside what setup left', async () => {
    if (fresh.length > 0) {
      await appendFile(`${open.folder}.exclude`, fresh.map((name) => `/${excludePattern(name)}\n`).join(''));
    }
    const read = await readTree(open, ['-u', '--reset', open.base]);
    if (!read.ok) return failed(gitFailure(`putting back the files of ${open.base}`, read.stderr));
    await learnIndex(open);
    return ok(fresh);
  });
}

async function commit(
  open: OpenWorkspace,
  tree: string,
  parent: Sha,
  message: string,
): Promise<Result<Sha, GitFailure>> {
  const { context } = open;
  const out = await inMirror(context, ['commit-tree', tree, '-p', parent, '-F', '-'], {
    input: message,
    environment: signedBy(context.author),
  });
  if (!out.ok) return failed(gitFailure('making the commit', out.stderr));
  const sha = out.stdout.trim();
  context.trees.set(sha, tree);
  context.parents.set(sha, parent);
  const settled = await settleAt(open, sha);
  return settled.ok ? ok(sha) : settled;
}

async function resetTo(open: OpenWorkspace, sha: Sha): Promise<Result<void, GitFailure>> {
  const read = await readTree(open, ['-u', '--reset', sha]);
  if (!read.ok) return failed(gitFailure(`putting back the files of ${sha}`, read.stderr));
  const cleaned = await inWorkspace(open, ['clean', '-ffdq']);
  if (!cleaned.ok) return failed(gitFailure('removing what was left over', cleaned.stderr));
  open.apart.clear();
  await learnIndex(open);
  return settleAt(open, sha);
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

async function removeAll(open: OpenWorkspace): Promise<void> {
  await rm(open.folder, { recursive: true, force: true }).catch(async (cause: unknown) => {
    if (!['EACCES', 'EPERM'].includes((cause as NodeJS.ErrnoException).code ?? '')) throw cause;
    // Some tools leave folders that nobody may write to.
    await unlockFolders(open.folder);
    await rm(open.folder, { recursive: true, force: true });
  });
  for (const beside of ['.index', '.index.lock', '.exclude']) {
    await rm(`${open.folder}${beside}`, { force: true });
  }
}

async function unlockFolders(folder: string): Promise<void> {
  await chmod(folder, 0o700);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await unlockFolders(path.join(folder, entry.name));
  }
}
