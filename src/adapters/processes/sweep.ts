import { setTimeout as sleep } from 'node:timers/promises';

import { markerName, type Owner, ownerOf } from './marker.ts';
import { markedProcesses, ownProcess, processStat } from './proc.ts';

/**
 * Kills every process whose marker fits, until none is seen `looks` times in a row. Answers how many.
 * Processes can start others while we look, hence more than one look.
 */
export async function sweep(fits: (marker: string) => boolean, looks: number): Promise<number> {
  const ended = new Set<number>();
  let clean = 0;
  for (let round = 0; round < 200; round += 1) {
    const found = (await markedProcesses()).filter(({ pid, marker }) => pid !== process.pid && fits(marker));
    for (const { pid } of found) {
      ended.add(pid);
      kill(pid, 'SIGKILL');
    }
    clean = found.length === 0 ? clean + 1 : 0;
    if (clean >= looks) break;
    await sleep(found.length === 0 ? 20 : 10);
  }
  return ended.size;
}

/** Kills what processes of ours that are no more have left behind. */
export async function sweepStrays(): Promise<number> {
  const here = ownProcess().namespace;
  const ownMarker = process.env[markerName];
  return sweep((marker) => {
    const owner = ownerOf(marker);
    return marker !== ownMarker && owner?.namespace === here && !lives(owner);
  }, 1);
}

/** Sends a signal; a process that is gone, or not ours, is left alone. A negative id names a group. */
export function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // ESRCH: it is gone already. EPERM: it became somebody else.
  }
}

function lives({ pid, started }: Owner): boolean {
  return processStat(pid)?.started === started;
}
