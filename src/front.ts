import { commandTable } from './cli/command-table.ts';
import { runProgram } from './cli/program.ts';
import { openWorld, systemContext } from './wiring.ts';

/** The front door of every command. */
export function answer(args: readonly string[], version: string): Promise<number> {
  return runProgram(
    args,
    systemContext(version, (home) => openWorld(home, version)),
    commandTable,
  );
}
