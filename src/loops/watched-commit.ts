import type { Options } from '../config/options.ts';
import type { CiExpectation, CiFailure, CiRun, CiVerdict } from '../domain/ci.ts';
import type { Sha } from '../domain/repo.ts';
import type { Instant } from '../domain/time.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { WatchView } from '../ledger/views.ts';
import type { Forge, ForgeFailure, Slug } from '../ports/forge.ts';
import type { RunFiles } from '../ports/run-files.ts';
import type { World } from '../ports/world.ts';
import { meaningOf } from '../rules/ci/judge-runs.ts';
import { newestRuns, runsKey } from '../rules/ci/newest-runs.ts';

/** A pushed commit that waits for its verdict. */
export interface WatchRequest {
  readonly repo: string;
  readonly slug: Slug;
  readonly sha: Sha;
  /** The tip before our landing. */
  readonly parent: Sha;
  readonly branch: string;
  readonly session: string;
  readonly run: string;
  readonly cycle: number;
  /** 0: the session's own commit; n: the n-th fix. */
  readonly attempt: number;
  /** Undefined: as the ledger has it. */
  readonly expected?: CiExpectation | undefined;
  readonly options: Pick<
    Options,
    'ci_wait_timeout_seconds' | 'ci_poll_interval_seconds' | 'ci_grace_seconds' | 'ci_rerun_failed_once'
  >;
}

export interface RedCi {
  readonly signature: string;
  /** Failing jobs, `ci.yml / test`. */
  readonly jobs: readonly string[];
  /** Redacted, sanitised, bounded; empty when the failure is not ours. Untrusted text: to be fenced. */
  readonly excerpts: readonly CiFailure[];
  readonly url: string | undefined;
}

export type WatchOutcome =
  | {
      readonly kind: 'verdict';
      readonly verdict: CiVerdict;
      readonly why: string;
      readonly url?: string | undefined;
    }
  /** `beforeUs`: the tip before ours failed in the same jobs, so there is nothing for us to mend. */
  | { readonly kind: 'red'; readonly failure: RedCi; readonly beforeUs: boolean };

export type CiWorld = Pick<World, 'clock' | 'redact'> & {
  readonly forge: Forge;
  readonly ledger: Pick<Ledger, 'record'>;
  readonly files: Pick<RunFiles, 'sessionFolder' | 'write' | 'relative'>;
};

/** What is remembered of a watch between two looks. */
export interface Watched {
  readonly request: WatchRequest;
  readonly expected: CiExpectation;
  /** When the waiting began: at the push, or when we asked for a re-run. */
  since: Instant;
  rerunAsked: boolean;
  /** Run id → the attempt that we asked to run again. */
  readonly rerun: Map<number, number>;
  /** Every run ever seen: the forge's list is known to lose some again. */
  readonly known: Map<number, CiRun>;
  recorded: string;
  seen: string | undefined;
  unchanged: number;
}

export type Looked =
  /** We were told to stop. */
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'wait'; readonly because: string }
  | { readonly kind: 'blind'; readonly failure: ForgeFailure }
  | { readonly kind: 'over'; readonly outcome: WatchOutcome };

/** Begins a watch, or takes it up where the ledger says an earlier process left it. */
export function beginWatch(request: WatchRequest, view: WatchView | undefined, now: Instant): Watched {
  const runs = view?.runs ?? [];
  const again = view?.rerunAsked ? runs.filter((run) => meaningOf(run.conclusion) === 'red') : [];
  return {
    request,
    expected: request.expected ??
      view?.expected ?? { kind: 'unknown', why: 'nobody looked at the pushed tree' },
    // The ledger does not know how long a re-run has been under way, so it gets the whole time again.
    since: view && !view.rerunAsked ? view.startedAt : now,
    rerunAsked: view?.rerunAsked ?? false,
    rerun: new Map(again.map((run) => [run.id, Math.max(1, run.attempt - 1)])),
    known: new Map(runs.map((run) => [run.id, run])),
    recorded: runsKey(newestRuns(runs, request.branch)),
    seen: undefined,
    unchanged: 0,
  };
}

/** Where the facts of a watch belong. */
export function about({ request }: Watched) {
  const { repo, session, run, cycle, sha } = request;
  return { repo, session, run, cycle, sha };
}
