import type { Evidence } from '../domain/evidence.ts';

/** One check of a tree, with what the same check said of the untouched base when that was asked. */
export interface CheckResult {
  readonly evidence: Evidence;
  readonly required: boolean;
  /** The check also fails on the base: red before us, which no task answers for. */
  readonly redBeforeUs: boolean;
}

export type ChecksVerdict =
  | { readonly kind: 'green' }
  | { readonly kind: 'red'; readonly failing: readonly Evidence[] };

/** Green when every required check exits 0 or was already red on the untouched base. */
export function judgeChecks(results: readonly CheckResult[]): ChecksVerdict {
  const failing = results.filter((one) => one.required && !one.redBeforeUs && one.evidence.exitCode !== 0);
  return failing.length === 0
    ? { kind: 'green' }
    : { kind: 'red', failing: failing.map((one) => one.evidence) };
}
