import type { SessionEnd } from '../../domain/session-state.ts';
import type { Stop } from '../../session/visit.ts';
import type { RunOrder, RunWorld } from '../run-world.ts';
import type { WorkerPool } from '../worker-pool.ts';
import { processIdeas } from './process-ideas.ts';

/** The session that made a repository and pushed it for the first time. */
export interface FirstPush {
  readonly repo: string;
  readonly session: string;
}

/** What the ideas of a cycle came to, as a run counts it. */
export interface IdeasOfCycle {
  readonly ends: readonly SessionEnd[];
  /** How many are repositories of the portfolio now that were not before. */
  readonly active: number;
  /** What waits for its CI verdict. */
  readonly pushes: readonly FirstPush[];
}

const none: IdeasOfCycle = { ends: [], active: 0, pushes: [] };

/** The incubator's part of a cycle. A broken ideas.yaml is said once, and the run goes on without ideas. */
export async function ideasOfCycle(
  world: RunWorld,
  order: RunOrder,
  { cycle, pool }: { cycle: number; pool: WorkerPool },
  stop: Stop,
): Promise<IdeasOfCycle> {
  if (!order.options.idea_bootstrap_enabled || order.only.length > 0) return none;
  const processed = await processIdeas(world, { ...order, cycle, pool }, stop);
  if (!processed.ok) {
    const { file, line, column, message } = processed.failure;
    const place = [file, line, column].filter((part) => part !== undefined).join(':');
    const warning = `${place}: ${message}; the run goes on without ideas`;
    const said = (await world.ledger.run(order.run))?.warnings ?? [];
    if (!said.includes(warning)) await world.ledger.record({ type: 'warned', message: warning });
    return none;
  }
  const ends = processed.value.flatMap(({ is, why }): readonly SessionEnd[] =>
    is === 'BLOCKED' ? [{ state: 'blocked', blockedBy: 'human', why }] : [],
  );
  const active = processed.value.filter(({ is }) => is === 'ACTIVE').length;
  const pushes = processed.value.flatMap(({ repo, watched }) =>
    repo !== undefined && watched !== undefined ? [{ repo, session: watched }] : [],
  );
  return { ends, active, pushes };
}
