import path from 'node:path';

import type { FoundRepo } from '../../ports/discovery.ts';
import { aboutRepo } from './about-repo.ts';
import { askGit, commitTime } from './commit-time.ts';
import { type GitFolder, gitFolderOf } from './git-folder.ts';
import { lastMoved, lastMovements } from './reflog.ts';
import { readRefs } from './refs.ts';
import { remoteUrlIn } from './remote-url.ts';
import { readSmall } from './small-file.ts';

/** What the files of one repository say of it; undefined: there is no repository of its own at that path. */
export async function lookAt(folder: string): Promise<FoundRepo | undefined> {
  const git = safely(() => gitFolderOf(folder));
  if (!git || isSubmodule(git)) return undefined;
  const refs = readRefs(git);
  const head = refs.head();
  const movements = lastMovements(git.own);
  const lastCommit = head.opaque ? await askGit(git) : await commitTime(git, head.sha, movements);
  return {
    path: folder,
    gitDir: git.common,
    linkedWorktree: git.linkedWorktree,
    bare: git.bare,
    head: { branch: head.branch, sha: head.sha },
    defaultBranch: head.opaque ? undefined : refs.defaultBranch(),
    remoteUrl: remoteUrlIn(readSmall(path.join(git.common, 'config')) ?? ''),
    lastActive: newest(lastCommit, lastMoved(git, movements)),
    lastCommit,
    about: git.bare ? undefined : aboutRepo(folder),
  };
}

/** A submodule belongs to the repository around it, which may be a linked worktree. */
export function isSubmodule({ common }: GitFolder): boolean {
  return /[/\\]\.git[/\\](worktrees[/\\][^/\\]+[/\\])?modules[/\\]/.test(common);
}

/** The latest of the times that are known. */
export function newest(...times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

/** A repository that vanishes while it is looked at, or that we may not read, is not there. */
export function safely<Value>(look: () => Value): Value | undefined {
  try {
    return look();
  } catch (error) {
    if (typeof (error as NodeJS.ErrnoException).code === 'string') return undefined;
    throw error;
  }
}
