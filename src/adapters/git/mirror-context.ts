import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { FileChange } from '../../domain/change.ts';
import type { Identity, Sha } from '../../domain/repo.ts';
import type { Author } from '../../ports/mirrors.ts';
import type { LooseObjects } from './loose-objects.ts';
import type { RemoteAccess } from './remote-access.ts';
import { removeFolder } from './remove-folder.ts';
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
  /** The mirror's own objects, as far as they lie loose. */
  readonly objects: LooseObjects;
  /** What stands in the commits that we made. */
  readonly made: Map<Sha, MadeCommit>;
  /** Pairs of commits that were compared, by `<from>..<to>`: what a commit is never changes. */
  readonly compared: Map<string, Comparison>;
}

export interface MadeCommit {
  readonly parent: Sha;
  readonly tree: string;
  readonly message: string;
  readonly author: string;
}

export interface Comparison {
  /** Each file with its new contents, by id, and mode. */
  readonly files: readonly { readonly change: FileChange; readonly id: string; readonly mode: string }[];
  /** The unified diff, of small ones. */
  readonly patch: string | undefined;
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
export function scratchFolder(context: MirrorContext): { folder: string } & AsyncDisposable {
  const folder = path.join(context.folder, 'scratch', randomBytes(8).toString('hex'));
  mkdirSync(folder, { recursive: true });
  return {
    folder,
    [Symbol.asyncDispose]: () => removeFolder(folder),
  };
}
