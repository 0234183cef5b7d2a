import { readFileSync } from 'node:fs';
import os from 'node:os';
import process from 'node:process';
import type { Processes, ProcessName } from '../../ports/processes.ts';

/** This process and its neighbours, as the operating system names them. */
export function thisProcess(): Processes {
  return {
    self: { pid: process.pid, start: startOf(process.pid) ?? '', host: os.hostname() },
    alive({ pid, start }: ProcessName): boolean {
      if (pid <= 0) return false;
      try {
        process.kill(pid, 0);
      } catch (error) {
        return (error as NodeJS.ErrnoException).code === 'EPERM';
      }
      const now = startOf(pid);
      return now === undefined || start === '' || now === start;
    },
  };
}

/** Field 22 of /proc/<pid>/stat; undefined where there is no /proc. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .at(19);
  } catch {
    return undefined;
  }
}
