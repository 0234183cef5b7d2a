import type { Stop } from '../../session/visit.ts';
import type { RunOrder, RunWorld } from '../run-world.ts';
import { tick } from '../tick.ts';
import { workerPool } from '../worker-pool.ts';
import { processIdeas } from './process-ideas.ts';

/** The incubator alone, as a run of its own: what it does is recorded, resumed and explained like any run's. */
export async function runIdeas(
  world: RunWorld,
  order: RunOrder & { readonly onlyIdea?: string | undefined },
  stop: Stop,
): ReturnType<typeof processIdeas> {
  const { self } = world.processes;
  const here = { ...world, ledger: world.ledger.within({ run: order.run }) };
  await here.ledger.record({
    type: 'run-started',
    pid: self.pid,
    processStart: self.start,
    host: self.host,
    version: world.version,
    cycles: 1,
    parallel: order.options.parallel_repos,
    agent: order.options.agent,
    folder: world.files.folder,
  });
  const over = new AbortController();
  const ticking = tick(here, over.signal);
  try {
    await here.commands.sweepStrays();
    const pool = workerPool(order.options.parallel_repos);
    const processed = await processIdeas(here, { ...order, cycle: 1, pool }, stop);
    const ends = processed.ok ? processed.value : [];
    const blocked = ends.some(({ is }) => is === 'BLOCKED');
    const exitCode = stop.drain.aborted ? 130 : blocked ? 4 : 0;
    await here.ledger.record({ type: 'run-ended', stopReason: 'ideas processed', exitCode });
    return processed;
  } finally {
    over.abort();
    await ticking;
  }
}
