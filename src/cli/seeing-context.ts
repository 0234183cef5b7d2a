import { LedgerUnusable } from '../ports/ledger-unusable.ts';
import type { Seeing } from '../ports/seeing.ts';
import { act } from './act.ts';
import { type CliContext, CliProblem, type CommonFlags, exitCodes, type Home } from './context.ts';
import { placeOf } from './problems.ts';

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

/** The home of a command that only looks: a broken `clone.yaml` is said, and does not stand in its way. */
export async function homeToLook(context: CliContext, flags: CommonFlags): Promise<Home> {
  const home = await context.home(flags, {}, { tolerant: true });
  for (const problem of home.problems ?? []) {
    const message = `${placeOf(problem)}: ${problem.message}`;
    const hint = problem.hint === '' ? '' : ` (${problem.hint})`;
    context.complain(
      flags.json
        ? JSON.stringify({ code: 'file-unreadable', message, hint: problem.hint, warning: true })
        : `warning: ${message}${hint}; the default holds instead`,
    );
  }
  return home;
}

function ledgerProblem({ code, message, hint }: LedgerUnusable): CliProblem {
  const exitCode = code === 'busy' ? exitCodes.held : exitCodes.wrong;
  return new CliProblem({ code: `ledger-${code}`, message, hint, exitCode });
}
