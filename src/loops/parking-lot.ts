import type { BlockedBy, SessionFailure } from '../domain/failure.ts';
import { type Instant, minutes, seconds } from '../domain/time.ts';
import type { AgentView } from '../ledger/views.ts';
import { parksAgent } from '../rules/after-failure.ts';
import { isDraining, type Stop } from '../session/visit.ts';
import type { RunWorld } from './run-world.ts';

export interface ParkingLot {
  why(agent: string): string;
  /** What its account waits for; undefined: it is not parked. */
  blockedBy(agent: string): BlockedBy | undefined;
  /** Parks the agent if the failure belongs to its account. */
  hear(agent: string, failure: SessionFailure): Promise<void>;
  /** Waits as long as that leads anywhere. */
  mayStart(agent: string, deadline: number): Promise<boolean>;
}

/**
 * A limit or a failed login belongs to the account: nothing of that agent starts until it may. A limit with a
 * known end is waited for, as long as the run has time, also by a later cycle or run.
 */
export function parkingLot(
  world: Pick<RunWorld, 'clock' | 'ledger'>,
  known: readonly AgentView[],
  stop: Stop,
): ParkingLot {
  const now = world.clock.now();
  const still = known.filter(({ until }) => until !== undefined && until > now);
  const parked = new Map<string, { until: number | undefined; why: string; by: BlockedBy }>(
    still.map(({ agent, until, why }) => [agent, { until, why, by: 'limit' }]),
  );
  return {
    why: (agent) => parked.get(agent)?.why ?? '',
    blockedBy: (agent) => parked.get(agent)?.by,
    async hear(agent, failure) {
      if (!parksAgent(failure)) return;
      const until =
        failure.kind === 'agent-limited' ? comingEnd(failure.until, world.clock.now()) : undefined;
      const by = failure.kind === 'agent-limited' ? 'limit' : 'access';
      parked.set(agent, { until, why: failure.message, by });
      await world.ledger.record({ type: 'agent-parked', agent, until, why: failure.message });
    },
    async mayStart(agent, deadline) {
      for (;;) {
        const parking = parked.get(agent);
        if (!parking) return true;
        if (parking.until === undefined || parking.until >= deadline || isDraining(stop)) return false;
        const wait = parking.until - world.clock.now();
        if (wait <= 0) {
          parked.delete(agent);
          return true;
        }
        await world.clock.sleep(Math.min(wait, seconds(30)), stop.drain);
      }
    },
  };
}

/** An end that is over already, since two clocks differ, would let each repository start the agent once more. */
function comingEnd(until: Instant | undefined, now: Instant): Instant | undefined {
  return until !== undefined && until <= now ? now + minutes(1) : until;
}
