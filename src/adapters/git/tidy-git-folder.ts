import { lstat, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Sha } from '../../domain/repo.ts';
import type { MirrorContext } from './mirror-context.ts';
import { isSha, readIfThere } from './ref-files.ts';
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
  if ((await lstat(gitDir).catch(() => undefined))?.isDirectory() === true) {
    for (const lost of await commitsAbout(gitDir, branch)) {
      if (!ours.has(lost)) refs[`refs/agent/${lost}`] = lost;
    }
    for (const name of leftovers) await rm(path.join(gitDir, name), { recursive: true, force: true });
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
async function commitsAbout(gitDir: string, branch: string): Promise<Sha[]> {
  const files = ['HEAD', `refs/heads/${branch}`];
  const texts = await Promise.all(
    files.map((name) => readIfThere(path.join(gitDir, name)).catch(() => undefined)),
  );
  return texts.map((text) => (text ?? '').trim()).filter(isSha);
}

/** Locks of a git that was killed, operations that were never finished, and ways to point the folder elsewhere. */
const leftovers = [
  ...['index.lock', 'HEAD.lock', 'config.lock', 'packed-refs.lock', 'commondir', 'shallow'],
  ...['MERGE_HEAD', 'MERGE_MSG', 'MERGE_MODE', 'CHERRY_PICK_HEAD', 'REVERT_HEAD', 'SQUASH_MSG'],
  ...['rebase-merge', 'rebase-apply', 'sequencer', 'BISECT_LOG', 'AUTO_MERGE', 'REBASE_HEAD'],
];
