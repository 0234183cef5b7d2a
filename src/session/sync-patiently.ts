import type { Result } from '../domain/result.ts';
import { seconds } from '../domain/time.ts';
import type { GitFailure, Mirror } from '../ports/mirrors.ts';
import { isDraining, type SessionWorld, type Stop, type Visit } from './visit.ts';

/** Brings the mirror up to date. One hiccup of the network must not cost the visit, or a fix pass. */
export async function syncPatiently(
  world: Pick<SessionWorld, 'mirrors' | 'clock'>,
  visit: Visit,
  stop: Stop,
): Promise<Result<Mirror, GitFailure>> {
  for (let attempt = 1; ; attempt += 1) {
    const synced = await world.mirrors.sync(visit.identity);
    if (synced.ok || synced.failure.kind !== 'unreachable' || attempt === 3 || isDraining(stop))
      return synced;
    await world.clock.sleep(seconds(2 ** attempt), stop.drain);
  }
}
