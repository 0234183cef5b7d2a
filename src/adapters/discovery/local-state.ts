import { lstatSync } from 'node:fs';
import path from 'node:path';

import type { LocalState } from '../../ports/discovery.ts';
import { askGit, commitTime } from './commit-time.ts';
import { gitFolderOf } from './git-folder.ts';
import { isSubmodule, newest, safely } from './look-at.ts';
import { lastMoved, lastMovements } from './reflog.ts';
import { readRefs } from './refs.ts';
import { remoteUrlIn } from './remote-url.ts';
import { readSmall } from './small-file.ts';

/** What could be news in one repository, from its files alone; undefined: there is no repository of its own. */
export async function localState(
  folder: string,
  { branches, files }: { readonly branches: readonly string[]; readonly files: readonly string[] },
): Promise<LocalState | undefined> {
  const git = safely(() => gitFolderOf(folder));
  if (!git || isSubmodule(git)) return undefined;
  const refs = readRefs(git);
  const head = refs.head();
  const places = (branch: string): readonly [string, string] => [
    `refs/heads/${branch}`,
    `refs/remotes/origin/${branch}`,
  ];
  const isThere = (branch: string): boolean => places(branch).some((ref) => refs.tip(ref) !== undefined);
  const wanted = branches.find((branch) => branch !== '' && isThere(branch));
  const branch = wanted ?? refs.defaultBranch() ?? head.branch;
  const [local, remote] = places(branch ?? '');
  const movements = lastMovements(git.own);
  const lastCommit = head.opaque ? await askGit(git) : await commitTime(git, head.sha, movements);
  return {
    gitDir: git.common,
    branch,
    tip: refs.tip(local),
    tracked: refs.tip(remote),
    remoteUrl: remoteUrlIn(readSmall(path.join(git.common, 'config')) ?? ''),
    lastActive: newest(lastCommit, lastMoved(git, movements)),
    marks: git.bare ? {} : marksOf(folder, files),
  };
}

/** When a file was written and how long it is: enough to know that it must be read again. */
function marksOf(folder: string, files: readonly string[]): Readonly<Record<string, string>> {
  const marks: Record<string, string> = {};
  for (const file of files) {
    const found = safely(() => lstatSync(path.join(folder, file), { throwIfNoEntry: false }));
    if (found?.isFile()) marks[file] = `${found.mtimeMs} ${found.size} ${found.ino}`;
  }
  return marks;
}
