import { lstatSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Sha } from '../../domain/repo.ts';
import type { MirrorContext } from './mirror-context.ts';
import { isSha, textOf } from './ref-files.ts';
import { writeRepository } from './repository-folder.ts';

export interface TidyOptions {
  readonly context: MirrorContext;
  readonly folder: string;
  readonly branch: string;
  readonly sha: Sha;
  readonly index: string | undefined;
  /** Commits of ours; another one on the branch is the agent's and gets a ref of its own. */
  readonly ours: ReadonlySet<Sha>;
}

/**
 * Makes the workspace's `.git` a plain repository on its branch at `sha`, whatever became of it, so that the next
 * turn finds a sane `git status` and `git log`. Nothing of ours depends on it.
 */
export async function tidyGitFolder(options: TidyOptions): Promise<void> {
  const { context, folder, branch, sha, index, ours } = options;
  const gitDir = path.join(folder, '.git');
  const refs: Record<string, Sha> = { [`refs/heads/${branch}`]: sha };
  if (lstatSync(gitDir, { throwIfNoEntry: false })?.isDirectory() === true) {
    for (const lost of commitsAbout(gitDir, branch)) {
      if (!ours.has(lost)) refs[`refs/agent/${lost}`] = lost;
    }
    const there = leftovers.map((name) => path.join(gitDir, name)).filter((file) => existsAsSuch(file));
    for (const file of there) await rm(file, { recursive: true, force: true });
  }
  await writeRepository({
    gitDir,
    head: `ref: refs/heads/${branch}`,
    bare: false,
    sha256: context.sha256,
    alternates: [path.join(context.gitDir, 'objects')],
    author: context.author,
    refs,
    index,
  });
}

/** What HEAD and the branch say before we set them. */
function commitsAbout(gitDir: string, branch: string): Sha[] {
  return ['HEAD', `refs/heads/${branch}`].map((name) => wordIn(path.join(gitDir, name))).filter(isSha);
}

function wordIn(file: string): string {
  try {
    return (textOf(file) ?? '').trim();
  } catch {
    return '';
  }
}

function existsAsSuch(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}

/** Locks of a git that was killed, operations that were never finished, and ways to point the folder elsewhere. */
const leftovers = [
  ...['index.lock', 'HEAD.lock', 'config.lock', 'packed-refs.lock', 'commondir', 'shallow'],
  ...['MERGE_HEAD', 'MERGE_MSG', 'MERGE_MODE', 'CHERRY_PICK_HEAD', 'REVERT_HEAD', 'SQUASH_MSG'],
  ...['rebase-merge', 'rebase-apply', 'sequencer', 'BISECT_LOG', 'AUTO_MERGE', 'REBASE_HEAD'],
];
