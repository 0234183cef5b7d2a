import type { Change } from '../domain/change.ts';
import type { Identity, Repo, Sha } from '../domain/repo.ts';
import type { Result } from '../domain/result.ts';

export type GitFailure =
  | { readonly kind: 'not-a-repository'; readonly message: string }
  | { readonly kind: 'no-commits'; readonly message: string }
  | { readonly kind: 'no-such-branch'; readonly message: string }
  | { readonly kind: 'unreachable'; readonly message: string }
  | { readonly kind: 'access'; readonly message: string }
  | { readonly kind: 'moved'; readonly message: string; readonly tip: Sha | undefined }
  | { readonly kind: 'conflict'; readonly message: string; readonly paths: readonly string[] }
  | { readonly kind: 'in-the-way'; readonly message: string }
  | { readonly kind: 'git'; readonly message: string };

/** Who a commit of ours says it is from. */
export interface Author {
  readonly name: string;
  readonly email: string;
}

/** What lies at a path of a workspace: a file, nothing, or something that is better left alone. */
export type PlainFile =
  | { readonly kind: 'none' }
  | { readonly kind: 'file'; readonly bytes: Uint8Array; readonly mode: number }
  | { readonly kind: 'unusable'; readonly why: string };

/** What is out of every commit from here on. */
export interface SetAside {
  /** Files, and folders of tools (`node_modules/`). */
  readonly names: readonly string[];
  /** Folders with more files than can be named: whatever is added there later is out as well. */
  readonly whole: readonly string[];
}

/**
 * An isolated clone on its own branch. What counts is its files: commits are made from them in the mirror,
 * with our own index and configuration, so nothing the agent does to the workspace's `.git` matters.
 */
export interface Workspace extends AsyncDisposable {
  readonly folder: string;
  readonly branch: string;
  readonly base: Sha;
  /** The files as they are, as a tree of the mirror, and whether that differs from `than`. */
  snapshot(than: Sha): Promise<Result<{ tree: string; changed: boolean }, GitFailure>>;
  /**
   * Takes what is there now beside the base (what setup made) out of every later commit: new files are ignored from
   * here on, changed ones are put back. What is added later in the same folders is seen.
   */
  setAside(): Promise<Result<SetAside, GitFailure>>;
  /** Files that were set aside and changed since the last time this was asked: no commit has that. */
  changedAside(): readonly string[];
  /** A commit of `tree` on `parent`, in the mirror, with our identity. Hooks never run. */
  commit(tree: string, parent: Sha, message: string): Promise<Result<Sha, GitFailure>>;
  /** A file as it lies there, never through a link. */
  readPlain(path: string, maxBytes: number): Promise<PlainFile>;
  /**
   * Puts a plain file in place of whatever is there; undefined: removes it. False: something is in the way that is not
   * ours to move (a folder, a link above it).
   */
  writePlain(path: string, content: string | Uint8Array | undefined): Promise<boolean>;
  /**
   * Puts plain files into a workspace that stands at `than`, and answers its tree with them. `missing`: those that
   * cannot be in a commit, since git is told to ignore them or something is in their way.
   */
  snapshotWith(
    than: Sha,
    files: ReadonlyMap<string, string>,
  ): Promise<Result<{ tree: string; changed: boolean; missing: readonly string[] }, GitFailure>>;
  /** Makes the files (and the workspace's own branch) exactly those of `sha`; ignored files stay. */
  resetTo(sha: Sha): Promise<Result<void, GitFailure>>;
  /** Shows the files of `sha` as edits on top of where the branch is. */
  bringBack(sha: Sha): Promise<Result<void, GitFailure>>;
  /**
   * Commits that the agent made on refs of its own and that the files do not show; kept in the mirror. Each is answered
   * once, a bounded number at a time.
   */
  strayCommits(): Promise<readonly { sha: Sha; ref: string }[]>;
  /** Comments in the code of `tip`, whose files are here, that say what is left to do; a few of each file. */
  todos(tip: Sha): Promise<readonly Todo[]>;
  /** Removes the folder. Only ever a folder that we made. */
  remove(): Promise<void>;
}

export interface Todo {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** Our own bare copy of one repository: where commits are harvested to and landed from. */
export interface Mirror {
  readonly identity: Identity;
  /** Tip of the target branch when it was last synced. */
  readonly tip: Sha;
  openWorkspace(session: string, at: Sha): Promise<Result<Workspace, GitFailure>>;
  /** Takes up a workspace that an earlier process opened. */
  adoptWorkspace(session: string, base: Sha): Promise<Result<Workspace, GitFailure>>;
  /** Puts commits `from..to` onto `onto`; answers the new ids in order, oldest first. */
  rebase(from: Sha, to: Sha, onto: Sha): Promise<Result<readonly { old: Sha; now: Sha }[], GitFailure>>;
  change(from: Sha, to: Sha): Promise<Result<Change, GitFailure>>;
  /** The unified diff, cut at `maxBytes`. */
  diff(from: Sha, to: Sha, maxBytes: number): Promise<Result<string, GitFailure>>;
  commits(
    from: Sha,
    to: Sha,
  ): Promise<
    Result<
      readonly {
        sha: Sha;
        subject: string;
        message: string;
        author: string;
        files: number;
        paths: readonly string[];
      }[],
      GitFailure
    >
  >;
  /** True when `ancestor` is reachable from `sha`. */
  contains(sha: Sha, ancestor: Sha): Promise<boolean>;
  /** Text of a file at a commit; undefined: no such file (or over `maxBytes`). */
  readFile(sha: Sha, path: string, maxBytes?: number): Promise<string | undefined>;
  /** Paths below `folder` at a commit, not deeper; '' is the root. */
  list(sha: Sha, folder: string): Promise<readonly string[]>;
  /** The lines of a file (counted from 1) that a person wrote, and no session of ours. */
  humanLines(sha: Sha, path: string): Promise<Result<ReadonlySet<number>, GitFailure>>;
  /** A commit that undoes `shas` (newest first) on top of `onto`. */
  revert(shas: readonly Sha[], onto: Sha, message: (sha: Sha) => string): Promise<Result<Sha, GitFailure>>;
  /** Keeps a commit alive under `refs/clone/...`. */
  keep(ref: string, sha: Sha): Promise<void>;
  /** Fetches the target branch again. */
  refresh(): Promise<Result<Sha, GitFailure>>;
  /**
   * Moves the remote branch from `expected` to `sha`, never by force, and reads it back. Without a remote, the
   * branch of the user's repository: fast-forwarded with its clean checkout, or the ref alone when not checked out.
   */
  land(sha: Sha, expected: Sha): Promise<Result<{ mode: 'push' | 'local' }, GitFailure>>;
  /** Leaves the branch `clone/<session>` at `sha` in the user's repository (no remote) or on the remote. */
  leaveBranch(name: string, sha: Sha): Promise<Result<void, GitFailure>>;
  /** Fast-forwards the user's checkout if it is clean and on the branch. */
  updateCheckout(sha: Sha): Promise<{ moved: boolean; why: string }>;
}

/** Our mirrors of other people's repositories. */
export interface Mirrors {
  /** Reads `.git` directly; starts no process for an ordinary repository. */
  identify(repo: Pick<Repo, 'name' | 'path' | 'branch'>): Promise<Result<Identity, GitFailure>>;
  /** The mirror, brought up to date with the remote (or the user's repository when there is none). */
  sync(identity: Identity): Promise<Result<Mirror, GitFailure>>;
  /** The mirror as it stands, without asking the remote; undefined: there is none yet. */
  existing(identity: Identity, tip: Sha): Promise<Mirror | undefined>;
  /** The names of all workspaces, also of those that were half removed. */
  workspaces(): readonly string[];
  /** Removes a workspace that a process began to open and never told of: nobody has worked in it. */
  discardWorkspace(session: string): Promise<void>;
}
