import type { Visited } from '../session/session.ts';
import type { Stop, Visit } from '../session/visit.ts';
import { type Followed, followCi, landingOf, startWatch } from './follow-ci.ts';
import type { RunWorld } from './run-world.ts';
import type { CiScheduler } from './watch-ci.ts';
import type { WorkerPool } from './worker-pool.ts';

/** Starts following the CI of what a visit pushed. The promise inside settles with the verdict; the visit does not wait. */
export async function followLanding(
  world: RunWorld,
  tools: { scheduler: CiScheduler; pool: WorkerPool },
  { visit, visited }: { visit: Visit; visited: Visited },
  stop: Stop,
): Promise<{ done: Promise<unknown> } | undefined> {
  const slug = visit.identity.remoteUrl ? world.forge?.slugOf(visit.identity.remoteUrl) : undefined;
  if (!visited.landed || visited.landed.mode !== 'push' || !slug) return undefined;
  const ledger = world.ledger.within({ repo: visit.repo.name, session: visit.session });
  const view = await ledger.session(visit.session);
  const following: Followed = {
    visit,
    slug,
    thread: view?.thread,
    landings: [landingOf(visited.landed)],
    signatures: [],
  };
  await startWatch({ ...world, ledger }, following, visited.landed, 0);
  const done = followCi({ ...world, ledger }, tools, following, stop).catch(async (bug: unknown) => {
    const message = bug instanceof Error ? bug.message : String(bug);
    await ledger.record({
      type: 'warned',
      message: `${visit.repo.name}: CI could not be followed: ${world.redact(message)}`,
    });
  });
  return { done };
}
