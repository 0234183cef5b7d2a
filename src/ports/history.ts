import type { Repo, Sha } from '../domain/repo.ts';
import type { Instant } from '../domain/time.ts';

/** A commit as a repository's own history tells it; author and subject are a stranger's text. */
export interface HistoryCommit {
  readonly sha: Sha;
  readonly at: Instant;
  readonly author: string;
  readonly subject: string;
  /** The session that made it, by its trailer; undefined: not ours. */
  readonly session: string | undefined;
}

export interface RepoHistory {
  readonly repo: string;
  /** Newest first. */
  readonly commits: readonly HistoryCommit[];
  /** Why it could not be read; undefined: it was. */
  readonly problem: string | undefined;
}

/** What was committed in repositories, by whoever. Reads only. */
export interface History {
  since(
    repos: readonly Pick<Repo, 'name' | 'path' | 'branch'>[],
    since: Instant,
    stop: AbortSignal,
  ): Promise<readonly RepoHistory[]>;
}
