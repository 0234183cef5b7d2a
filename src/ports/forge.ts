import type { CiJob, CiRun } from '../domain/ci.ts';
import type { Sha } from '../domain/repo.ts';
import type { Result } from '../domain/result.ts';
import type { Instant } from '../domain/time.ts';
import type { ForgeFailure, Slug } from './forge-failure.ts';
import type { ForgeIssues } from './forge-issues.ts';

export type { ForgeFailure, Slug } from './forge-failure.ts';

export interface ForgeBudget {
  readonly limit: number | undefined;
  readonly remaining: number | undefined;
  readonly resetsAt: Instant | undefined;
  readonly requests: number;
  readonly notModified: number;
}

/** A repository on the forge, as far as it matters whether it is the one that we began to make. */
export interface ForgeRepository {
  /** As it is called now: the forge follows renames. */
  readonly slug: Slug;
  readonly private: boolean;
  readonly archived: boolean;
  readonly description: string;
  readonly cloneUrl: string;
  /** Name → tip of each branch; empty: nothing was ever pushed. */
  readonly branches: ReadonlyMap<string, Sha>;
}

/** What we ask of GitHub. All reads are conditional; answers are re-checked against what was asked. */
export interface Forge {
  /** The slug of a remote URL, when this forge hosts it and we hold a token for it. */
  slugOf(remoteUrl: string): Slug | undefined;
  /** Runs whose head is exactly `sha`; falls back to matching the newest unfiltered runs on our side when `searchHarder`. */
  runsOf(
    slug: Slug,
    sha: Sha,
    options: { searchHarder: boolean },
  ): Promise<Result<readonly CiRun[], ForgeFailure>>;
  /** The newest runs that pushes to a branch started, at most 30: one conditional request. */
  runsOn(slug: Slug, branch: string): Promise<Result<readonly CiRun[], ForgeFailure>>;
  /** Jobs of the newest attempt. */
  jobsOf(slug: Slug, runId: number): Promise<Result<readonly CiJob[], ForgeFailure>>;
  /** Streams a job's log as text chunks; nothing is held. */
  log(slug: Slug, jobId: number): Promise<Result<AsyncIterable<string>, ForgeFailure>>;
  rerunFailedJobs(slug: Slug, runId: number): Promise<Result<void, ForgeFailure>>;
  /** State of each workflow file: path → `active`, `disabled_manually`, ... */
  workflowStates(slug: Slug): Promise<Result<ReadonlyMap<string, string>, ForgeFailure>>;
  /** Commit statuses and check runs of other apps on a commit, reduced to one word. */
  externalChecks(
    slug: Slug,
    sha: Sha,
  ): Promise<
    Result<
      { state: 'none' | 'pending' | 'success' | 'failure'; url?: string | undefined; what: string },
      ForgeFailure
    >
  >;
  /** Asked afresh; undefined: there is none that the token can see. */
  repository(slug: Slug): Promise<Result<ForgeRepository | undefined, ForgeFailure>>;
  /** Makes a private, empty repository of the token's own account. After a failure it may be there all the same. */
  createRepository(wanted: { name: string; description: string }): Promise<Result<void, ForgeFailure>>;
  /**
   * When somebody pushed last, for every repository that the token belongs to, by slug in lower case: one conditional
   * request while nothing was pushed anywhere. To whole seconds, and a push to any branch counts.
   */
  pushed(): Promise<Result<ReadonlyMap<Slug, Instant>, ForgeFailure>>;
  readonly issues: ForgeIssues;
  whoami(): Promise<
    Result<{ login: string; id: number; scopes: readonly string[] | undefined }, ForgeFailure>
  >;
  budget(): ForgeBudget;
}
