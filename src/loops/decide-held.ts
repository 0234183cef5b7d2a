import type { SessionFailure } from '../domain/failure.ts';
import type { Repo } from '../domain/repo.ts';
import { failed, type Result } from '../domain/result.ts';
import type { SessionView } from '../ledger/views.ts';
import { settleClaims } from '../session/claim.ts';
import type { Landed } from '../session/land.ts';
import { proposeAnswer } from '../session/remember-proposals.ts';
import type { Stop } from '../session/visit.ts';
import { watchLanding } from './follow-ci.ts';
import { formerRepo } from './former-repo.ts';
import { acceptedTip, landAccepted, visitAgain } from './land-accepted.ts';
import type { RunOrder, RunWorld } from './run-world.ts';

/** A person said yes: the commits land, rebased and verified again where the branch has moved. */
export async function acceptHeld(
  world: RunWorld,
  order: Pick<RunOrder, 'optionsFor'>,
  session: SessionView,
  repos: readonly Repo[],
  stop: Stop,
): Promise<Result<Landed, SessionFailure>> {
  const ledger = world.ledger.within({
    run: session.run,
    cycle: session.cycle,
    repo: session.repo,
    session: session.id,
  });
  const repo = repos.find((one) => one.name === session.repo) ?? formerRepo(session);
  const identified = await world.mirrors.identify(repo);
  if (!identified.ok) return failed({ kind: 'repo-unusable', message: identified.failure.message, hint: '' });
  const holder = `clone review ${session.id}`;
  const taken = await world.leases.acquire(identified.value.key, holder, { repo: session.repo });
  if (!taken.ok) return failed({ kind: 'repo-busy', holder: taken.failure.holder });
  await using lease = taken.value;
  const synced = await world.mirrors.sync(identified.value);
  if (!synced.ok) return failed({ kind: 'remote-unreachable', message: synced.failure.message, hint: '' });
  const tip = acceptedTip(session);
  if (tip === undefined || session.base === undefined) {
    return failed({ kind: 'tasks-rejected', message: 'the session has no accepted commit' });
  }
  const visit = await visitAgain(world, order, session, repo, identified.value);
  await ledger.record({ type: 'session-moved', to: 'accepted', why: 'a person accepted it', facts: { tip } });
  const accepted = { visit, session, mirror: synced.value, tip, base: session.base, lease };
  const landed = await landAccepted({ ...world, ledger }, accepted, stop);
  if (!landed.ok) {
    const why = 'message' in landed.failure ? landed.failure.message : landed.failure.kind;
    await ledger.record({
      type: 'session-moved',
      to: 'blocked',
      blockedBy: 'human',
      why: `it could not land: ${why}`,
      facts: { tip },
    });
  }
  if (landed.ok && landed.value.mode === 'push')
    await watchLanding({ ...world, ledger }, visit, landed.value);
  await settleClaims(ledger, session.id);
  return landed;
}

/** A person said no: the commits stay under their ref in the mirror, and nothing lands. */
export async function rejectHeld(
  world: Pick<RunWorld, 'ledger' | 'clock'>,
  session: SessionView,
  why: string,
): Promise<void> {
  const ledger = world.ledger.within({
    run: session.run,
    cycle: session.cycle,
    repo: session.repo,
    session: session.id,
  });
  await ledger.record({
    type: 'session-moved',
    to: 'rejected',
    why: `a person rejected it: ${why}`,
    facts: {},
  });
  await proposeAnswer({ ...world, ledger }, session, why);
  await settleClaims(ledger, session.id);
}
