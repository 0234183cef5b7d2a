import { LedgerUnusable } from '../ports/ledger-unusable.ts';
import type { Seeing } from '../ports/seeing.ts';
import { act } from './act.ts';
import { type CliContext, CliProblem, exitCodes, type Home } from './context.ts';

/** The outside of the commands that look: what they need besides the ledger. */
export interface SeeingContext extends CliContext {
  seeingOf(home: Home): Promise<Seeing>;
}

/** The action of a command that reads the ledger: a ledger that cannot be used is told, not a bug. */
export function look<Args extends readonly unknown[]>(
  context: CliContext,
  work: (...args: Args) => Promise<number | undefined>,
): (...args: Args) => Promise<void> {
  return act(context, async (...args: Args) => {
    try {
      return await work(...args);
    } catch (error) {
      if (error instanceof LedgerUnusable) throw ledgerProblem(error);
      throw error;
    }
  });
}

function ledgerProblem({ code, message, hint }: LedgerUnusable): CliProblem {
  const exitCode = code === 'busy' ? exitCodes.held : exitCodes.wrong;
  return new CliProblem({ code: `ledger-${code}`, message, hint, exitCode });
}
