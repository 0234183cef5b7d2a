import { setTimeout as sleep } from 'node:timers/promises';

import { gitSession, markerName, type Owner, ownerOf } from './marker.ts';
import { commandOf, markedProcesses, ownProcess, type ProcessStat, processStat } from './proc.ts';

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

/** Ends what processes of ours that are no more have left behind. */
export async function sweepStrays(): Promise<number> {
  const here = ownProcess().namespace;
  const ownMarker = process.env[markerName];
  const isStray = (marker: string): boolean => {
    const owner = ownerOf(marker);
    return marker !== ownMarker && owner?.namespace === here && !lives(owner);
  };
  const isGit = (marker: string): boolean => marker.startsWith(`${gitSession}.`);
  const ended = await sweep((marker) => isStray(marker) && !isGit(marker), 1);
  return ended + (await endGit((marker) => isStray(marker) && isGit(marker)));
}

const graceMs = 2_000;

/**
 * Ends gits that wait for a remote, gently, so that they remove their locks. What such a git has started to stay, as a
 * connection that is shared or a memory of passwords, belongs to the user and is left alone.
 */
async function endGit(fits: (marker: string) => boolean): Promise<number> {
  const marked = (await markedProcesses()).filter(({ marker }) => fits(marker));
  const stats = marked.flatMap(({ pid }) => processStat(pid) ?? []);
  const isOurs = ({ pid, session }: ProcessStat): boolean =>
    pid === session && commandOf(pid).startsWith('git ');
  const sessions = new Set(stats.filter(isOurs).map(({ pid }) => pid));
  const victims = stats.filter(
    ({ pid, session }) => sessions.has(session) && !/credential-cache/.test(commandOf(pid)),
  );
  // One that has ended, and that nobody has collected yet, has no command line.
  const isLeft = ({ pid, started }: ProcessStat): boolean =>
    processStat(pid)?.started === started && commandOf(pid) !== '';
  for (const { pid } of victims) kill(pid, 'SIGTERM');
  for (let waited = 0; waited < graceMs && victims.some(isLeft); waited += 20) await sleep(20);
  for (const victim of victims) if (isLeft(victim)) kill(victim.pid, 'SIGKILL');
  return victims.length;
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
