import { CommanderError } from 'commander';

import type { CliContext } from './context.ts';

/** Thrown through commander when a command ends with another exit code than 0; says nothing more. */
export const endedWith = 'clone.ended';

/**
 * Makes the action of a command from work that answers its exit code; nothing answered is 0. What the work
 * throws is told to the user by `runProgram`.
 */
export function act<Args extends readonly unknown[]>(
  _context: CliContext,
  work: (...args: Args) => Promise<number | undefined> | number | undefined,
): (...args: Args) => Promise<void> {
  return async (...args) => {
    const exitCode = (await work(...args)) ?? 0;
    if (exitCode !== 0) throw new CommanderError(exitCode, endedWith, '');
  };
}
