import type { Evidence } from '../domain/evidence.ts';

/** One check of a tree, with what the same check said of the untouched base when that was asked. */
export interface CheckResult {
  readonly evidence: Evidence;
  readonly required: boolean;
  /** The check also fails on the base: red before us, which no task answers for. */
  readonly redBeforeUs: boolean;
}

export type ChecksVerdict =
  /** `red`: what fails all the same and does not count, red before us or only reported. */
  | { readonly kind: 'green'; readonly red: readonly Evidence[] }
  | { readonly kind: 'red'; readonly failing: readonly Evidence[] };

/** Green when every required check exits 0 or was already red on the untouched base. */
export function judgeChecks(results: readonly CheckResult[]): ChecksVerdict {
  const red = results.filter(({ evidence }) => evidence.exitCode !== 0);
  const failing = red.filter((one) => one.required && !one.redBeforeUs);
  return failing.length === 0
    ? { kind: 'green', red: red.map(({ evidence }) => evidence) }
    : { kind: 'red', failing: failing.map(({ evidence }) => evidence) };
}
