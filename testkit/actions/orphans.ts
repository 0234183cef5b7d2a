import { readdirSync, readFileSync } from 'node:fs';

/** The variable by which a job's processes are found again, even those that left its process groups. */
export const trackingVariable = 'RUNNER_TRACKING_ID';

/** Kills what still carries the job's tracking id; says whom. Where there is no /proc it finds nobody. */
export function killOrphans(trackingId: string): { pid: number; name: string }[] {
  const mark = `${trackingVariable}=${trackingId}`;
  const killed: { pid: number; name: string }[] = [];
  for (const pid of processes()) {
    if (pid === process.pid || !read(`/proc/${pid}/environ`).split('\0').includes(mark)) continue;
    try {
      const name = read(`/proc/${pid}/comm`).trim();
      process.kill(pid, 'SIGKILL');
      killed.push({ pid, name });
    } catch {
      // It ended by itself in the meantime.
    }
  }
  return killed;
}

function processes(): number[] {
  try {
    return readdirSync('/proc')
      .filter((entry) => /^\d+$/.test(entry))
      .map(Number);
  } catch {
    return [];
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
