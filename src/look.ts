import { lookingTable } from './cli/looking-table.ts';
import { runProgram } from './cli/program.ts';
import { systemContext } from './wiring.ts';

/** The front door of the commands that only look. It is bundled into one file: they are to answer at once. */
export function answer(args: readonly string[], version: string): Promise<number> {
  const noWorld = (): never => {
    throw new Error('a command that looks has no world to act on');
  };
  return runProgram(args, systemContext(version, noWorld), lookingTable);
}
