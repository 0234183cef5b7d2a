import type { Sha } from './repo.ts';
import type { Instant } from './time.ts';

/** A workflow run of one commit, as the forge reports it. Values we do not know stay as they are. */
export interface CiRun {
  readonly id: number;
  readonly workflowId: number;
  readonly workflow: string;
  readonly path: string;
  readonly event: string;
  readonly branch: string;
  readonly sha: Sha;
  readonly status: string;
  readonly conclusion: string | null;
  readonly attempt: number;
  readonly number: number;
  readonly url: string;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

export interface CiStep {
  readonly number: number;
  readonly name: string;
  readonly conclusion: string | null;
}

export interface CiJob {
  readonly id: number;
  readonly runId: number;
  readonly name: string;
  readonly status: string;
  readonly conclusion: string | null;
  readonly steps: readonly CiStep[];
  readonly runnerName: string | null;
  readonly url: string;
}

/** Where a watch ends, exactly once. */
export const ciVerdicts = [
  'green',
  'fixed',
  'red',
  'reverted',
  'no_ci',
  'ci_missing',
  'infra',
  'timeout',
] as const;
export type CiVerdict = (typeof ciVerdicts)[number];

/** What is known of a watched commit: a verdict, or what it still waits for. `not watched`: there is no token. */
export type CiState = CiVerdict | 'pending' | 'fixing' | 'not_watched';

/**
 * What CI says of the branch of a repository, whoever pushed. Of the commits that we landed the watch knows more, and
 * they are not asked about here.
 */
export interface BranchCi {
  /** The newest commit of the branch that CI ran on; undefined: it never ran. */
  readonly sha: Sha | undefined;
  readonly state: CiVerdict | 'pending';
  /** Failing jobs, `ci.yml / test`: anybody's words. */
  readonly jobs: readonly string[];
  readonly url: string | undefined;
  readonly why: string;
  /** Since when its verdict is asked for. */
  readonly since: Instant;
  /** The tip, and when somebody had pushed last, as far as both were known by then. */
  readonly tip: Sha | undefined;
  readonly pushedAt: Instant | undefined;
}

/** Whether the pushed tree lets us expect a run. */
export type CiExpectation = { readonly kind: 'none' | 'some' | 'unknown'; readonly why: string };

/** What went wrong in CI, read and bounded: the material of a fix pass. */
export interface CiFailure {
  readonly run: CiRun;
  readonly job: CiJob;
  readonly step: string | undefined;
  /** Redacted windows of the log, at most 64 KiB in all. Untrusted text. */
  readonly excerpt: string;
}
