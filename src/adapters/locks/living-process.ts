import { readFile, readlink } from 'node:fs/promises';
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
export async function markOfThisProcess(): Promise<ProcessMark> {
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  const namespace = await readlink('/proc/self/ns/pid').catch(() => '');
  const started = (await startOf(process.pid))?.started ?? '';
  return { pid: process.pid, started, host: os.hostname(), boot: boot.trim(), namespace };
}

/** True only when nothing can be left of the process; what we cannot see counts as alive. */
export async function isProvedDead(mark: ProcessMark, here: ProcessMark): Promise<boolean> {
  if (mark.host !== here.host) return false;
  if (mark.boot !== here.boot && mark.boot !== '' && here.boot !== '') return true;
  if (mark.namespace !== here.namespace) return false;
  if (!exists(mark.pid)) return true;
  const now = await startOf(mark.pid);
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
async function startOf(pid: number): Promise<{ started: string; ended: boolean } | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { started: fields[19] ?? '', ended: fields[0] === 'Z' || fields[0] === 'X' };
}
