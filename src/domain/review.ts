/** How much a finding weighs. P0 and P1 stand against a landing; P2 and P3 are told and no more. */
export const severities = ['P0', 'P1', 'P2', 'P3'] as const;
export type Severity = (typeof severities)[number];

/** Something that a reviewer holds against a change. Its words only. */
export interface ReviewFinding {
  readonly severity: Severity;
  readonly file?: string | undefined;
  /** Counted from 1. */
  readonly line?: number | undefined;
  /** What is wrong. */
  readonly message: string;
  readonly why: string;
  readonly suggestion: string;
}

/**
 * How one review turn came out. `passed`: nothing of weight was found. `blocking`: P0 or P1. `unreadable`: the answer is
 * no review. `failed`: the agent did not come to an answer.
 */
export type ReviewOutcome = 'passed' | 'blocking' | 'unreadable' | 'failed';
