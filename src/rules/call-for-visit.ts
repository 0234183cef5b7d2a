import type { CiState } from '../domain/ci.ts';
import type { SessionState } from '../domain/session-state.ts';

/** What the ledger knows of a repository when plain code asks whether there is anything to do. */
export interface Known {
  readonly lastState: SessionState | undefined;
  readonly ci: CiState | undefined;
  readonly quietFingerprint: string | undefined;
  /** Undefined: not computed, because the last visit did not end quietly. */
  readonly fingerprint: string | undefined;
  readonly failures: number;
}

/** The signals that call for a visit, in words; empty: no signal, and no token is spent. */
export function callForVisit(known: Known): readonly string[] {
  const signals: string[] = [];
  if (known.ci === 'red') signals.push('CI is red on the branch');
  if (known.lastState === undefined) signals.push('never visited before');
  else if (known.lastState === 'no_work') {
    if (known.fingerprint !== known.quietFingerprint)
      signals.push('commits, objective or prompts changed since the last visit');
  } else if (known.lastState === 'cleaned') signals.push('the last visit landed work; there may be more');
  else if (known.lastState === 'skipped') signals.push('the last visit was skipped');
  else signals.push(`the last visit ended ${known.lastState.replace('_', ' ')}`);
  return signals;
}
