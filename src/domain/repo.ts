/** A 40-hex commit id. */
export type Sha = string;

/** One entry of the portfolio, as a person wrote it or discovery found it. */
export interface Repo {
  readonly name: string;
  readonly path: string;
  /** The branch that sessions land on. Empty: the default branch, detected. */
  readonly branch: string;
  readonly objective: string;
  readonly lastCommit: string | undefined;
  readonly pinned: boolean;
  readonly ignored: boolean;
  /** True when nothing was found at `path` the last time anybody looked. */
  readonly missing: boolean;
  /** Options that stand in the entry itself; they win over `clone.yaml`. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** What a repository really is, whichever path it was reached by. */
export interface Identity {
  /** The resolved common git directory: the key of leases and mirrors. */
  readonly gitDir: string;
  /** A short, file-name-safe key made of `gitDir`: same repository, same key. */
  readonly key: string;
  /** The work tree that belongs to the user; undefined for a bare repository. */
  readonly checkout: string | undefined;
  /** The remote's URL without any user or password in it; undefined: no remote. */
  readonly remoteUrl: string | undefined;
  /** The branch that sessions land on, detected when the entry names none. */
  readonly branch: string;
}
