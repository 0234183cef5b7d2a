import type { ReviewFinding, ReviewOutcome, Severity } from '../../domain/review.ts';

/** What stands against a landing, and goes back to whoever wrote the change. */
export function blocking(findings: readonly ReviewFinding[]): readonly ReviewFinding[] {
  return findings.filter(({ severity }) => stops(severity));
}

/** Whether a severity is worth a repair, and a person when the repair does not help. */
function stops(severity: Severity): boolean {
  switch (severity) {
    case 'P0':
    case 'P1':
      return true;
    case 'P2':
    case 'P3':
      return false;
  }
}

export type AfterReview = 'accept' | 'repair' | 'ask-again' | 'hold';

/** What a review leads to. Only what passed goes on by itself; where nobody can look again, a person has to. */
export function afterReview(
  outcome: ReviewOutcome,
  now: {
    /** Review turns that are left for this landing. */
    readonly turnsLeft: number;
    readonly mayRepair: boolean;
    readonly isDraining: boolean;
  },
): AfterReview {
  const mayLookAgain = now.turnsLeft > 0 && !now.isDraining;
  switch (outcome) {
    case 'passed':
      return 'accept';
    case 'blocking':
      return mayLookAgain && now.mayRepair ? 'repair' : 'hold';
    case 'unreadable':
      return mayLookAgain ? 'ask-again' : 'hold';
    case 'failed':
      return 'hold';
  }
}
