import type { Instant } from '../domain/time.ts';

/** A repository that was found on disk by reading its `.git` files. */
export interface FoundRepo {
  /** Path of the work tree (or bare folder), as reached. */
  readonly path: string;
  /** Resolved common git directory: the same repository reached twice has the same. */
  readonly gitDir: string;
  readonly linkedWorktree: boolean;
  readonly head: { readonly branch: string | undefined; readonly sha: string | undefined };
  readonly defaultBranch: string | undefined;
  readonly remoteUrl: string | undefined;
  /** Newest of last commit and last local ref movement that is not the clone itself. */
  readonly lastActive: Instant | undefined;
  readonly lastCommit: Instant | undefined;
  /** First heading or sentence of the README. */
  readonly about: string | undefined;
}

/** Finds repositories below folders. Never writes, never follows a link out of a root. */
export interface Discovery {
  walk(roots: readonly string[], options: { depth: number }): Promise<readonly FoundRepo[]>;
  /** One known path; undefined: no repository there. */
  look(path: string): Promise<FoundRepo | undefined>;
}
