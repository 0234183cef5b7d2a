import { type ProcessStat, processTable, treeOf } from './proc.ts';
import { kill } from './sweep.ts';

/** Linux counts in hundredths of a second, whatever the machine. */
const msPerTick = 10;

/** The CPU time of a process and all below it, in milliseconds; 0 where it cannot be known. */
export function cpuMsOf(pid: number): number {
  return treeOf(pid, processTable()).reduce((sum, { cpu }) => sum + cpu, 0) * msPerTick;
}

/** Kills what the program started, not the program, so that it can go on. Answers how many. */
export function endHangingChildren(pid: number, depth: number): number {
  const children = childrenToEnd(pid, depth, processTable());
  for (const child of children) kill(child, 'SIGKILL');
  return children.length;
}

/**
 * What is below the program, which itself is `depth` below `pid`. Where some of it has left the program's session,
 * as the commands of an agent do, only that: the rest are the program's own helpers.
 */
export function childrenToEnd(pid: number, depth: number, table: readonly ProcessStat[]): number[] {
  let program = pid;
  for (let level = 0; level < depth; level += 1) {
    program = table.find(({ parent }) => parent === program)?.pid ?? 0;
  }
  const [root, ...below] = treeOf(program, table);
  const elsewhere = below.filter(({ session }) => session !== root?.session);
  return (elsewhere.length > 0 ? elsewhere : below).map((process) => process.pid);
}
