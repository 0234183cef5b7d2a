import type { Ledger } from '../ledger/ledger.ts';
import type { RunView } from '../ledger/views.ts';

const looksBack = 5;
const looksFurther = 500;

/**
 * Of the runs that are over, the newest that was not turned away. When another run held all that it wanted, that other
 * one is the news; where there is no other, the one that was turned away.
 */
export async function lastRun(ledger: Pick<Ledger, 'runs'>): Promise<RunView | undefined> {
  const runs = await ledger.runs(looksBack);
  const found = runs.find((run) => !wasTurnedAway(run));
  if (found !== undefined || runs.length < looksBack) return found ?? runs[0];
  return (await ledger.runs(looksFurther)).find((run) => !wasTurnedAway(run)) ?? runs[0];
}

const held = 5;

/** It ended because other processes hold what it needs, and has done nothing. */
function wasTurnedAway({ state, exitCode, turns, commits, sessions }: RunView): boolean {
  const visits = Object.entries(sessions).filter(([end, count]) => end !== 'skipped' && count > 0);
  return state === 'ended' && exitCode === held && turns === 0 && commits === 0 && visits.length === 0;
}
