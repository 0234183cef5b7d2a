import type { SessionView } from '../ledger/views.ts';
import type { RunOrder, RunWorld } from './run-world.ts';

/** Whether another run that still lives has the session: then it is none of ours, even between two of its steps. */
export async function isAtWork(
  world: RunWorld,
  order: RunOrder,
  session: Pick<SessionView, 'run'>,
): Promise<boolean> {
  if (session.run === order.run) return false;
  const run = await world.ledger.run(session.run);
  if (run?.state !== 'running') return false;
  const { self } = world.processes;
  return run.host !== self.host || world.processes.alive({ pid: run.pid, start: run.processStart });
}
