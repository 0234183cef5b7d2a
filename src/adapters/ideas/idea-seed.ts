import path from 'node:path';
import type { Identity, Sha } from '../../domain/repo.ts';
import { failed, ok, type Result } from '../../domain/result.ts';
import type { Author, GitFailure } from '../../ports/mirrors.ts';
import { orDiskFailure } from '../git/disk-failure.ts';
import { gitFailure } from '../git/explain.ts';
import { signedBy } from '../git/mirror-context.ts';
import { readRef, writeRef } from '../git/ref-files.ts';
import type { RemoteAccess } from '../git/remote-access.ts';
import { writeRepository } from '../git/repository-folder.ts';
import type { RunGit } from '../git/run-git.ts';

/** What the parts of the incubator share. */
export interface IncubatorContext {
  /** `<home>/.clone`. */
  readonly folder: string;
  readonly run: RunGit;
  readonly author: Author;
  readonly access: RemoteAccess;
}

const branch = 'main';

export function seedFolder(folder: string, key: string): string {
  if (!/^[A-Za-z0-9][\w.-]*$/.test(key)) throw new Error(`not a key for an idea: ${key}`);
  return path.join(folder, 'ideas', `${key}.git`);
}

/** Where the mirror of a seed keeps its objects. */
export function mirrorFolder({ folder }: Pick<IncubatorContext, 'folder'>, seed: Identity): string {
  return path.join(folder, 'mirrors', `${seed.key}.git`);
}

/** Makes the seed or finds it: always the same commit, so that a later process goes on from it. */
export async function makeSeed(
  { folder, run, author }: IncubatorContext,
  key: string,
): Promise<Result<{ identity: Identity; base: Sha }, GitFailure>> {
  const gitDir = seedFolder(folder, key);
  const identity: Identity = { gitDir, key, checkout: undefined, remoteUrl: undefined, branch };
  return orDiskFailure('making room for an idea', async () => {
    const known = await readRef(gitDir, `refs/heads/${branch}`);
    if (known !== undefined) return ok({ identity, base: known });
    await writeRepository({ gitDir, head: `ref: refs/heads/${branch}`, bare: true });
    const tree = await run(['mktree'], { gitDir, input: '' });
    if (!tree.ok) return failed(gitFailure('making an empty tree', tree.stderr));
    const date = '2000-01-01T00:00:00Z';
    const environment = { ...signedBy(author, author, date), GIT_COMMITTER_DATE: date };
    const args = ['commit-tree', tree.stdout.trim(), '-F', '-'];
    const commit = await run(args, { gitDir, input: 'Nothing yet\n', environment });
    if (!commit.ok) return failed(gitFailure('making an empty commit', commit.stderr));
    const base = commit.stdout.trim();
    await writeRef(gitDir, `refs/heads/${branch}`, base);
    return ok({ identity, base });
  });
}

export async function firstCommit(
  context: IncubatorContext,
  seed: Identity,
  tree: string,
  message: string,
): Promise<Result<Sha, GitFailure>> {
  const out = await context.run(['commit-tree', tree, '-F', '-'], {
    gitDir: mirrorFolder(context, seed),
    input: message,
    environment: signedBy(context.author),
  });
  if (!out.ok) return failed(gitFailure('making the first commit', out.stderr));
  return ok(out.stdout.trim());
}
