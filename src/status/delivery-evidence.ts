import type { CiRun } from '../domain/ci.ts';
import type { Evidence, EvidenceLabel } from '../domain/evidence.ts';
import { type Instant, isoUtc } from '../domain/time.ts';
import { meaningOf } from '../rules/ci/judge-runs.ts';
import { inMilliseconds } from './instants.ts';

/** One thing that was observed, by whom being said by its label. */
export interface DeliveryEvidence {
  readonly check: string;
  /** Null: CI ran it, not we. */
  readonly command: string | null;
  /** Null: it came to no exit; of CI, that its conclusion says neither green nor red. */
  readonly exit_code: number | null;
  /** Null: not known. */
  readonly seconds: number | null;
  readonly label: EvidenceLabel;
  /** Null: CI ran on `commit`. */
  readonly tree: string | null;
  readonly commit: string | null;
  readonly at: string;
  readonly note: string | null;
  readonly log: string | null;
  /** Of CI: where its run is, and how it ended. */
  readonly url: string | null;
  readonly conclusion: string | null;
}

/** What we ran here, then what CI ran on the very commits that landed: that is direct. */
export function deliveryEvidence(
  seen: readonly Evidence[],
  ended: readonly CiRun[],
): readonly DeliveryEvidence[] {
  return [...seen.map(ofCheck), ...ended.map(ofRun)];
}

function ofCheck(seen: Evidence): DeliveryEvidence {
  return {
    check: seen.check,
    command: seen.command,
    exit_code: seen.exitCode ?? null,
    seconds: inMilliseconds(seen.seconds),
    label: seen.label,
    tree: seen.tree,
    commit: null,
    at: isoUtc(seen.at),
    note: seen.note ?? null,
    log: seen.log ?? null,
    url: null,
    conclusion: null,
  };
}

function ofRun(run: CiRun): DeliveryEvidence {
  const { sha, conclusion, url, attempt, createdAt, updatedAt } = run;
  return {
    check: `CI: ${run.workflow}`,
    command: null,
    exit_code: exitCodeOf(conclusion),
    // Of a run that was started again, the forge tells when it was first created.
    seconds: attempt === 1 ? secondsBetween(createdAt, updatedAt) : null,
    label: 'direct',
    tree: null,
    commit: sha,
    at: isoUtc(updatedAt),
    note: attempt === 1 ? null : `attempt ${attempt}`,
    log: null,
    url,
    conclusion,
  };
}

function exitCodeOf(conclusion: string | null): number | null {
  if (conclusion === 'success') return 0;
  return meaningOf(conclusion) === 'red' ? 1 : null;
}

function secondsBetween(from: Instant, to: Instant): number | null {
  return to < from ? null : Math.round((to - from) / 1000);
}
