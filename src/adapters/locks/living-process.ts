import { readFileSync, readlinkSync } from 'node:fs';
import os from 'node:os';
import { z } from 'zod';

/** Enough of a process to tell, later and from another one, whether it still lives. */
export const processMarkSchema = z.object({
  pid: z.number(),
  /** When it started, in the machine's ticks; empty where the system does not say. */
  started: z.string(),
  host: z.string(),
  /** The boot and the process-id namespace that `pid` and `started` belong to; empty when unknown. */
  boot: z.string(),
  namespace: z.string(),
});
export type ProcessMark = z.infer<typeof processMarkSchema>;

/** The mark of this process. */
export function markOfThisProcess(): ProcessMark {
  const boot = orUndefined(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')) ?? '';
  const namespace = orUndefined(() => readlinkSync('/proc/self/ns/pid')) ?? '';
  const started = startOf(process.pid)?.started ?? '';
  return { pid: process.pid, started, host: os.hostname(), boot: boot.trim(), namespace };
}

/** True only when nothing can be left of the process; what we cannot see counts as alive. */
export function isProvedDead(mark: ProcessMark, here: ProcessMark): boolean {
  if (mark.host !== here.host) return false;
  if (mark.boot !== here.boot && mark.boot !== '' && here.boot !== '') return true;
  if (mark.namespace !== here.namespace) return false;
  if (!exists(mark.pid)) return true;
  const now = startOf(mark.pid);
  if (now === undefined) return false;
  return now.ended || (mark.started !== '' && now.started !== mark.started);
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Field 22 of /proc/PID/stat, counted after the name, which may hold anything; a zombie has ended. */
function startOf(pid: number): { started: string; ended: boolean } | undefined {
  const stat = orUndefined(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { started: fields[19] ?? '', ended: fields[0] === 'Z' || fields[0] === 'X' };
}

function orUndefined(read: () => string): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
