import type { CiState } from '../domain/ci.ts';
import type { SessionState } from '../domain/session-state.ts';

/** What the ledger knows of a repository when plain code asks whether there is anything to do. */
export interface Known {
  readonly lastState: SessionState | undefined;
  readonly ci: CiState | undefined;
  readonly quietFingerprint: string | undefined;
  /** Undefined: not computed, because the last visit did not end quietly; or the remote could not be asked. */
  readonly fingerprint: string | undefined;
  readonly failures: number;
  /** What waits for a person, in words: until they decide, a further visit would only make more of it. */
  readonly held?: string | undefined;
  /** Set while the pause after a failed visit lasts. */
  readonly restsUntil?: string | undefined;
}

/** Why a repository is left alone, in words. */
export function whyNoSignal(known: Pick<Known, 'held' | 'restsUntil' | 'lastState' | 'fingerprint'>): string {
  if (known.held !== undefined) return known.held;
  if (known.restsUntil !== undefined)
    return `the last visit failed; the next is not before ${known.restsUntil}`;
  if (known.lastState === 'no_work' && known.fingerprint === undefined)
    return 'no signal, and its remote could not be asked';
  return 'no signal';
}

/** The signals that call for a visit, in words; empty: no signal, and no token is spent. */
export function callForVisit(known: Known): readonly string[] {
  const signals: string[] = [];
  if (known.held !== undefined || known.restsUntil !== undefined) return signals;
  if (known.ci === 'red') signals.push('CI is red on the branch');
  if (known.lastState === undefined) signals.push('never visited before');
  else if (known.lastState === 'no_work') {
    if (known.fingerprint !== undefined && known.fingerprint !== known.quietFingerprint)
      signals.push('commits, objective or prompts changed since the last visit');
  } else if (known.lastState === 'cleaned') signals.push('the last visit landed work; there may be more');
  else if (known.lastState === 'skipped') signals.push('the last visit was skipped');
  else signals.push(`the last visit ended ${known.lastState.replace('_', ' ')}`);
  return signals;
}
