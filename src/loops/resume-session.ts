import type { Repo } from '../domain/repo.ts';
import type { SessionEnd } from '../domain/session-state.ts';
import type { SessionView } from '../ledger/views.ts';
import { parksAgent } from '../rules/after-failure.ts';
import { mayResume } from '../rules/may-resume.ts';
import { resumeVisit } from '../session/resume.ts';
import { isDraining, type Stop } from '../session/visit.ts';
import { watchLanding } from './follow-ci.ts';
import { visitAgain } from './land-accepted.ts';
import { parkingLot } from './parking-lot.ts';
import type { RunOrder, RunWorld } from './run-world.ts';

/** What becomes of a session that was cut off: it goes on, waits for a run that may touch it, or is only kept. */
export function whatOfCutOff(
  order: RunOrder,
  session: SessionView,
  repo: Repo | undefined,
  stop: Stop,
): 'resume' | 'wait' | 'keep' {
  if (!mayResume(session) || repo === undefined || repo.ignored) return 'keep';
  const isOurs = order.only.length === 0 || order.only.includes(repo.name);
  return isOurs && !isDraining(stop) ? 'resume' : 'wait';
}

/** Goes on with a session whose run died. Undefined: it could not, and its work is still to be kept. */
export async function resumeSession(
  world: RunWorld,
  order: RunOrder,
  { session, repo }: { session: SessionView; repo: Repo },
  stop: Stop,
): Promise<SessionEnd | 'left' | undefined> {
  const identified = await world.mirrors.identify(repo);
  if (!identified.ok || session.base === undefined) return undefined;
  const parking = parkingLot(world, await world.ledger.agents(), stop);
  const again = await visitAgain(world, order, { ...session, cycle: 0 }, repo, identified.value);
  if (!(await parking.mayStart(again.options.agent, world.clock.now()))) return undefined;
  const holder = `run ${order.run}, session ${session.id}`;
  const context = { run: order.run, repo: repo.name };
  const taken = await world.leases.acquire(identified.value.key, holder, context);
  if (!taken.ok) return 'left';
  await using lease = taken.value;
  const view = await world.ledger.session(session.id);
  if (!view || !mayResume(view) || view.run !== session.run) return 'left';
  const synced = await world.mirrors.sync(identified.value);
  if (!synced.ok) return undefined;
  const mirror = synced.value;
  const adopted = await mirror.adoptWorkspace(session.id, session.base);
  if (!adopted.ok) return undefined;
  await using workspace = adopted.value;

  // Why it was visited is known in words only, and not whose they were.
  const why = {
    kind: 'unfinished',
    source: 'the ledger',
    trust: 'untrusted',
    score: 0,
    text: view.calledBy,
  } as const;
  const visit = { ...again, run: order.run, signals: [why] };
  const visited = await resumeVisit(world, visit, { view, lease, mirror, workspace }, stop);
  if (visited.failure && parksAgent(visited.failure))
    await parking.hear(visit.options.agent, visited.failure);
  if (visited.landed?.mode === 'push') {
    const ledger = world.ledger.within({ run: order.run, repo: repo.name, session: session.id });
    await watchLanding({ ...world, ledger }, visit, visited.landed);
  }
  return visited.end;
}
