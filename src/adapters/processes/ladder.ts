import { setTimeout as sleep } from 'node:timers/promises';

import type { Launched } from './launch.ts';
import { kill } from './sweep.ts';

/** Interrupt, grace, kill. Resolves when our child is gone. */
export async function endByLadder(
  launched: Pick<Launched, 'pid' | 'exited'>,
  interrupt: NodeJS.Signals,
  graceMs: number,
): Promise<void> {
  const { pid, exited } = launched;
  kill(-pid, interrupt);
  const grace = new AbortController();
  const tooLong = sleep(graceMs, true, { signal: grace.signal }).catch(() => false);
  if (await Promise.race([exited.then(() => false), tooLong])) killAll(pid);
  grace.abort();
  await exited;
}

/** The wrapper first: with it goes the whole namespace, where there is one. */
export function killAll(pid: number): void {
  kill(pid, 'SIGKILL');
  kill(-pid, 'SIGKILL');
}
