import type { CiRun, CiVerdict } from '../../domain/ci.ts';
import type { Sha } from '../../domain/repo.ts';
import { hours, type Instant, minutes, seconds } from '../../domain/time.ts';
import { judgeRuns } from './judge-runs.ts';
import { newestRuns } from './newest-runs.ts';

/** One look at the newest runs of a branch. */
export interface BranchLook {
  readonly runs: readonly CiRun[];
  readonly branch: string;
  /** Undefined: somebody pushed since it was known. */
  readonly tip: Sha | undefined;
  /** When somebody pushed last, as the forge says. */
  readonly pushedAt: Instant | undefined;
  /** Since when the verdict is asked for. */
  readonly since: Instant;
  readonly at: Instant;
}

/** What the branch's newest run says; `sha` is the commit that it ran on. */
export type BranchJudgement =
  | { readonly kind: 'pending'; readonly sha: Sha | undefined; readonly why: string }
  /** Whether the code is to blame is for `classifyFailure`. */
  | { readonly kind: 'red'; readonly sha: Sha; readonly runs: readonly CiRun[] }
  | {
      readonly kind: 'verdict';
      readonly sha: Sha | undefined;
      readonly verdict: CiVerdict;
      readonly why: string;
      readonly url?: string | undefined;
    };

/** The runs that a push to the branch started. A pull request from elsewhere can run on the same commit. */
export function runsOfBranch(runs: readonly CiRun[], branch: string): readonly CiRun[] {
  return runs.filter((run) => run.event === 'push' && run.branch === branch);
}

/** Runs show up some time after a push: until then the last ones say nothing about it. */
const comesWithin = minutes(5);
/** One push starts its workflows together; a later one may still be missing from the list. */
const lateAfter = minutes(1);
/** The forge's own two clocks. */
const slack = seconds(10);
const patience = hours(6);

/** Reads one look: what CI says of the newest commit of the branch that it ran on. */
export function judgeBranch({ runs, branch, tip, pushedAt, since, at }: BranchLook): BranchJudgement {
  const ours = runsOfBranch(runs, branch);
  const newest = ours.toSorted((a, b) => b.createdAt - a.createdAt || b.id - a.id)[0];
  const sha = newest?.sha;
  const isLatest =
    newest !== undefined &&
    (tip !== undefined ? sha === tip : pushedAt === undefined || newest.createdAt >= pushedAt - slack);
  if (!isLatest && at - (pushedAt ?? since) < comesWithin)
    return { kind: 'pending', sha, why: 'a run of the last push may still come' };
  if (newest === undefined || sha === undefined)
    return { kind: 'verdict', sha, verdict: 'no_ci', why: 'CI never ran on the branch' };
  const judged = judgeRuns({
    runs: newestRuns(
      ours.filter((run) => run.sha === sha),
      branch,
    ),
    expected: { kind: 'unknown', why: 'somebody else pushed it' },
    waitedMs: at - since,
    graceMs: 0,
    timeoutMs: patience,
    stablePolls: at - newest.createdAt >= lateAfter ? 1 : 0,
  });
  if (judged.kind === 'wait') return { kind: 'pending', sha, why: judged.because };
  return { ...judged, sha };
}
