import { realpathSync, statSync } from 'node:fs';
import path from 'node:path';

import { readSmall } from './small-file.ts';

/** Where a repository keeps its things. */
export interface GitFolder {
  /** The resolved git directory of this work tree. */
  readonly own: string;
  /** The resolved directory that all work trees of the repository share. */
  readonly common: string;
  readonly linkedWorktree: boolean;
  readonly bare: boolean;
}

/**
 * Finds the git directory of a folder: `.git`, the folder that a `.git` file names, or the folder itself when bare. A
 * `.git` is no bare repository: it belongs to the folder around it.
 */
export function gitFolderOf(folder: string): GitFolder | undefined {
  const dotGit = path.join(folder, '.git');
  const kind = kindOf(dotGit);
  if (kind === 'folder') return shape(dotGit, false);
  if (kind === 'file') {
    const target = /^gitdir: (.+?)\s*$/m.exec(readSmall(dotGit) ?? '')?.[1];
    return target === undefined ? undefined : shape(path.resolve(folder, target), false);
  }
  if (path.basename(folder) === '.git') return undefined;
  return ['objects', 'refs'].every((name) => kindOf(path.join(folder, name)) === 'folder') &&
    kindOf(path.join(folder, 'HEAD')) === 'file'
    ? shape(folder, true)
    : undefined;
}

function shape(gitDir: string, bare: boolean): GitFolder | undefined {
  if (kindOf(path.join(gitDir, 'HEAD')) !== 'file') return undefined;
  const own = realpathSync.native(gitDir);
  const shared = readSmall(path.join(own, 'commondir'))?.trim();
  if (shared === undefined || shared === '') return { own, common: own, linkedWorktree: false, bare };
  const common = path.resolve(own, shared);
  if (kindOf(common) !== 'folder') return undefined;
  return { own, common: realpathSync.native(common), linkedWorktree: true, bare: false };
}

function kindOf(name: string): 'file' | 'folder' | undefined {
  const seen = statSync(name, { throwIfNoEntry: false });
  if (seen?.isFile()) return 'file';
  return seen?.isDirectory() ? 'folder' : undefined;
}
