import type { Sha } from '../domain/repo.ts';
import type { Instant } from '../domain/time.ts';

/** A repository that was found on disk by reading its `.git` files. */
export interface FoundRepo {
  /** Path of the work tree (or bare folder), as reached. */
  readonly path: string;
  /** Resolved common git directory: the same repository reached twice has the same. */
  readonly gitDir: string;
  readonly linkedWorktree: boolean;
  /** True: it has no files to work on. */
  readonly bare: boolean;
  readonly head: { readonly branch: string | undefined; readonly sha: string | undefined };
  readonly defaultBranch: string | undefined;
  readonly remoteUrl: string | undefined;
  /** Newest of last commit and last local ref movement that is not the clone itself. */
  readonly lastActive: Instant | undefined;
  readonly lastCommit: Instant | undefined;
  /** First heading or sentence of the README. */
  readonly about: string | undefined;
}

/** What the files of a repository say now that could be news. */
export interface LocalState {
  /** Resolved common git directory, as in `FoundRepo`. */
  readonly gitDir: string;
  /** The first of the branches asked for that is there, else the default one. */
  readonly branch: string | undefined;
  /** The branch as the person has it, and as it was on the remote when they fetched or pushed last. */
  readonly tip: Sha | undefined;
  readonly tracked: Sha | undefined;
  readonly remoteUrl: string | undefined;
  readonly lastActive: Instant | undefined;
  /** Of each file that was asked for and is there: a mark that changes when it is written. */
  readonly marks: Readonly<Record<string, string>>;
}

/** Finds repositories below folders. Never writes, never follows a link out of a root. */
export interface Discovery {
  walk(roots: readonly string[], options: { depth: number }): Promise<readonly FoundRepo[]>;
  /** One known path; undefined: no repository there. */
  look(path: string): Promise<FoundRepo | undefined>;
  /** The same in short, for a repository that is known. */
  state(
    path: string,
    wanted: { readonly branches: readonly string[]; readonly files: readonly string[] },
  ): Promise<LocalState | undefined>;
  /** The beginning of a plain file directly in `folder`, never through a link; undefined: there is none. */
  text(folder: string, name: string, maxBytes: number): string | undefined;
}
