import type { CiJob, CiRun } from '../domain/ci.ts';
import type { Sha } from '../domain/repo.ts';
import type { Result } from '../domain/result.ts';
import type { Instant } from '../domain/time.ts';

export type ForgeFailure =
  /** The token is wrong (401) or lacks a right (403/404 where it must not). Waiting does not help. */
  | { readonly kind: 'access'; readonly message: string }
  /** Do not ask before `until`: a limit, or our own reserve for the human. */
  | { readonly kind: 'later'; readonly until: Instant; readonly message: string }
  /** The forge or the way to it is broken for now. */
  | { readonly kind: 'unavailable'; readonly message: string }
  /** It is not there (404), or no longer (410). */
  | { readonly kind: 'gone'; readonly message: string };

export interface ForgeBudget {
  readonly limit: number | undefined;
  readonly remaining: number | undefined;
  readonly resetsAt: Instant | undefined;
  readonly requests: number;
  readonly notModified: number;
}

/** `owner/name` on the forge. */
export type Slug = string;

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
  whoami(): Promise<
    Result<{ login: string; id: number; scopes: readonly string[] | undefined }, ForgeFailure>
  >;
  budget(): ForgeBudget;
}
