import { seconds } from '../domain/time.ts';
import type { RunWorld } from './run-world.ts';

const tickMs = seconds(30);

/** Tells the ledger every half minute that the run is awake, until it is over: who looks can say whether it slept. */
export async function tick(world: Pick<RunWorld, 'clock' | 'ledger'>, over: AbortSignal): Promise<void> {
  for (;;) {
    await world.clock.sleep(tickMs, over);
    if (over.aborted) return;
    await world.ledger.record({ type: 'run-ticked' });
  }
}
