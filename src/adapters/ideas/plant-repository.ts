import { lstat, mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { failed, ok, type Result } from '../../domain/result.ts';
import type { PlantOrder } from '../../ports/ideas.ts';
import type { GitFailure } from '../../ports/mirrors.ts';
import { orDiskFailure } from '../git/disk-failure.ts';
import { gitFailure } from '../git/explain.ts';
import { readRef } from '../git/ref-files.ts';
import { writeRepository } from '../git/repository-folder.ts';
import { findRepository } from '../git/user-repository.ts';
import { type IncubatorContext, mirrorFolder } from './idea-seed.ts';

/**
 * Makes a repository of one commit where the user will find it. It is built aside and moved: the folder is empty
 * or holds all of it, at whatever moment we are killed. A move onto a folder that is not empty fails.
 */
export async function plant(
  context: IncubatorContext,
  { seed, sha, path: at, staging }: PlantOrder,
): Promise<Result<void, GitFailure>> {
  // A folder of ours, of this or of an earlier try: its name was drawn for this idea and told before it was made.
  await rm(staging, { recursive: true, force: true });
  const there = await findRepository(at);
  if (there !== undefined) {
    if (await holds(context, there.commonDir, sha)) return ok(undefined);
    return failed({ kind: 'in-the-way', message: `${at} is a repository that does not have our commit` });
  }
  return orDiskFailure(`making the repository ${at}`, async () => {
    const built = await build(context, { from: mirrorFolder(context, seed), sha, staging });
    if (!built.ok) {
      await rm(staging, { recursive: true, force: true });
      return built;
    }
    try {
      await rename(staging, at);
    } catch (cause) {
      await rm(staging, { recursive: true, force: true });
      const code = (cause as NodeJS.ErrnoException).code ?? '';
      if (!['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(code)) throw cause;
      return failed({ kind: 'in-the-way', message: `something that is not ours was put into ${at}` });
    }
    return ok(undefined);
  });
}

async function holds({ run }: IncubatorContext, gitDir: string, sha: string): Promise<boolean> {
  const tip = await readRef(gitDir, 'refs/heads/main');
  if (tip === sha) return true;
  if (tip === undefined) return false;
  return (await run(['merge-base', '--is-ancestor', sha, tip], { gitDir })).ok;
}

async function build(
  { run }: IncubatorContext,
  { from, sha, staging }: { from: string; sha: string; staging: string },
): Promise<Result<void, GitFailure>> {
  await mkdir(staging);
  const gitDir = path.join(staging, '.git');
  await writeRepository({ gitDir, head: 'ref: refs/heads/main', bare: false });
  const flags = ['--quiet', '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules'];
  const fetched = await run(['fetch', ...flags, '--update-head-ok', '--', from, `${sha}:refs/heads/main`], {
    gitDir,
  });
  if (!fetched.ok) return failed(gitFailure('copying the first commit', fetched.stderr));
  // With the user's own configuration: how files are filtered on checkout is theirs to say.
  const filled = await run(['read-tree', '-u', '--reset', sha], { gitDir, workTree: staging, asUser: true });
  if (!filled.ok) return failed(gitFailure('writing the first files', filled.stderr));
  const seen = await lstat(path.join(gitDir, 'index')).catch(() => undefined);
  return seen ? ok(undefined) : failed(gitFailure('writing the first files', 'there is no index'));
}
