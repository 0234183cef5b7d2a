import type { Sha } from './repo.ts';

export interface FileChange {
  readonly path: string;
  readonly status: 'added' | 'modified' | 'deleted' | 'renamed' | 'type-changed';
  readonly oldPath?: string | undefined;
  /** Lines; undefined for a binary file. */
  readonly added: number | undefined;
  readonly deleted: number | undefined;
}

/** What was done to the files between two trees, as facts. */
export interface Change {
  readonly from: Sha;
  readonly to: Sha;
  readonly files: readonly FileChange[];
}

export interface Commit {
  readonly sha: Sha;
  readonly subject: string;
  readonly task?: string | undefined;
  /** True for a commit of ours that only writes down what is remembered. */
  readonly memory?: boolean | undefined;
  readonly files: number;
  /** Which files, bounded. Told by facts; views keep the number only. Undefined: told by an earlier version. */
  readonly paths?: readonly string[] | undefined;
}

const mostPaths = 500;
const mostPathChars = 64 * 1024;

/** As many of the paths as a fact may hold. */
export function boundPaths(paths: readonly string[]): readonly string[] {
  let chars = 0;
  return paths.slice(0, mostPaths).filter((path) => (chars += path.length) <= mostPathChars);
}

/** The commits without those that only write down what is remembered. */
export function workOf<One extends Pick<Commit, 'memory'>>(commits: readonly One[]): readonly One[] {
  return commits.filter((commit) => commit.memory !== true);
}

export interface Finding {
  readonly gate: string;
  readonly severity: 'P0' | 'P1' | 'P2';
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly message: string;
  readonly hint: string;
}
