import type { BlockedBy, SessionFailure } from '../domain/failure.ts';
import type { Repo } from '../domain/repo.ts';
import type { SessionEnd } from '../domain/session-state.ts';
import type { SessionView } from '../ledger/views.ts';
import { endAfter } from '../rules/after-failure.ts';
import { waitsForYou } from '../session/accept-reviewed.ts';
import { settleClaims } from '../session/claim.ts';
import { isDraining, type Stop } from '../session/visit.ts';
import { watchLanding } from './follow-ci.ts';
import { formerRepo } from './former-repo.ts';
import { acceptedTip, landAccepted, visitAgain } from './land-accepted.ts';
import type { RunOrder, RunWorld } from './run-world.ts';

/** Whether a session was accepted and could not land for a reason that may be gone by now: no person has to decide. */
export function waitsToLand(session: SessionView): boolean {
  return (
    session.state === 'blocked' &&
    (session.blockedBy === 'environment' || session.blockedBy === 'access') &&
    acceptedTip(session) !== undefined
  );
}

/** Whether a landing that failed so is tried again by itself. */
export function mayLandLater(failure: SessionFailure): boolean {
  return failure.kind === 'landing-unreachable' || failure.kind === 'access-refused';
}

/** What became of the sessions that waited to land. */
export interface LandedWaiting {
  /** Those that landed now. */
  readonly landed: readonly string[];
  /** How those ended that cannot land by themselves any more. */
  readonly ends: readonly SessionEnd[];
  /** What the others wait for. */
  readonly waiting: readonly BlockedBy[];
}

/** Tries once more to land what was accepted and met a remote that was away or refused. No agent is started. */
export async function landWaiting(
  world: RunWorld,
  order: RunOrder,
  repos: readonly Repo[],
  stop: Stop,
): Promise<LandedWaiting> {
  const landed: string[] = [];
  const ends: SessionEnd[] = [];
  const still = new Set<BlockedBy>();
  const waiting = (await world.ledger.sessions({ states: ['blocked'] })).filter(waitsToLand).toReversed();
  for (const session of waiting) {
    if (isDraining(stop)) break;
    const entry = repos.find((one) => one.name === session.repo);
    const repo = entry ?? formerRepo(session);
    if (order.only.length > 0 && !order.only.includes(repo.name)) continue;
    const outcome = await landOne(world, order, session, repo, stop);
    if (outcome === 'landed') landed.push(session.id);
    else if (outcome === 'gone' && entry && session.blockedBy) still.add(session.blockedBy);
    else if (typeof outcome === 'object' && outcome.state !== 'blocked') ends.push(outcome);
    else if (typeof outcome === 'object' && outcome.blockedBy) still.add(outcome.blockedBy);
  }
  return { landed, ends, waiting: [...still] };
}

async function landOne(
  world: RunWorld,
  order: RunOrder,
  session: SessionView,
  repo: Repo,
  stop: Stop,
): Promise<'landed' | 'gone' | 'left' | SessionEnd> {
  const { id, run, cycle, base } = session;
  const tip = acceptedTip(session);
  const identified = await world.mirrors.identify(repo);
  if (!identified.ok) return 'gone';
  if (tip === undefined || base === undefined) return 'left';
  const holder = `run ${order.run}, landing session ${id}`;
  const context = { run: order.run, repo: session.repo };
  const taken = await world.leases.acquire(identified.value.key, holder, context);
  if (!taken.ok) return 'left';
  await using lease = taken.value;
  const current = await world.ledger.session(id);
  if (!current || !waitsToLand(current)) return 'left';
  const synced = await world.mirrors.sync(identified.value);
  if (!synced.ok) return { state: 'blocked', blockedBy: current.blockedBy, why: synced.failure.message };

  const ledger = world.ledger.within({ run, cycle, repo: session.repo, session: id });
  const visit = await visitAgain(world, order, session, repo, identified.value);
  await ledger.record({ type: 'session-moved', to: 'accepted', why: 'it is tried again', facts: { tip } });
  if (visit.options.land !== 'push') {
    const why = waitsForYou(visit);
    await ledger.record({ type: 'session-moved', to: 'blocked', blockedBy: 'human', why, facts: { tip } });
    return { state: 'blocked', blockedBy: 'human', why };
  }
  const here = { ...world, ledger };
  const landed = await landAccepted(
    here,
    { visit, session: { ...current, state: 'accepted' }, mirror: synced.value, tip, base, lease },
    stop,
  );
  if (landed.ok && landed.value.mode === 'push') await watchLanding(here, visit, landed.value);
  const end = landed.ok ? undefined : endAfter(landed.failure);
  if (end) {
    const { state: to, why, blockedBy } = end;
    await ledger.record({ type: 'session-moved', to, why, blockedBy, facts: { tip } });
  }
  await settleClaims(ledger, id);
  return end ?? 'landed';
}
