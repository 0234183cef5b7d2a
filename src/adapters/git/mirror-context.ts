import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Identity, Sha } from '../../domain/repo.ts';
import type { Author } from '../../ports/mirrors.ts';
import type { RemoteAccess } from './remote-access.ts';
import type { GitCall, GitOutput, RunGit } from './run-git.ts';
import type { Remotes } from './user-repository.ts';

/** What the parts of one mirror share. */
export interface MirrorContext {
  readonly identity: Identity;
  /** The mirror's own git directory. */
  readonly gitDir: string;
  /** `<home>/.clone`. */
  readonly folder: string;
  readonly sha256: boolean;
  readonly remotes: Remotes | undefined;
  readonly run: RunGit;
  readonly access: RemoteAccess;
  readonly author: Author;
  /** The tree of a commit we have seen; saves asking git. */
  readonly trees: Map<Sha, string>;
  /** The parent of each commit that we made; a chain of them proves an ancestor without asking git. */
  readonly parents: Map<Sha, Sha>;
}

/** Git in the mirror. */
export function inMirror(
  context: MirrorContext,
  args: readonly string[],
  call: GitCall = {},
): Promise<GitOutput> {
  return context.run(args, { gitDir: context.gitDir, ...call });
}

/** Where the mirror keeps the target branch as the remote has it. */
export function trackingRef(identity: Identity): string {
  return `refs/remotes/origin/${identity.branch}`;
}

/** The environment that signs a commit with our name, or keeps the name of whoever wrote it first. */
export function signedBy(
  committer: Author,
  author: Author = committer,
  date?: string,
): Record<string, string> {
  return {
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_COMMITTER_NAME: committer.name,
    GIT_COMMITTER_EMAIL: committer.email,
    ...(date === undefined ? {} : { GIT_AUTHOR_DATE: date }),
  };
}

/** True when `ancestor` is reachable from `sha`. */
export async function contains(context: MirrorContext, sha: Sha, ancestor: Sha): Promise<boolean> {
  for (let at: Sha | undefined = sha; at !== undefined; at = context.parents.get(at)) {
    if (at === ancestor) return true;
  }
  return (await inMirror(context, ['merge-base', '--is-ancestor', ancestor, sha])).ok;
}

/** A folder of ours that is gone again afterwards. */
export async function scratchFolder(context: MirrorContext): Promise<{ folder: string } & AsyncDisposable> {
  const folder = path.join(context.folder, 'scratch', randomBytes(8).toString('hex'));
  await mkdir(folder, { recursive: true });
  return {
    folder,
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true, force: true });
    },
  };
}
