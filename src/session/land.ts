import type { Commit } from '../domain/change.ts';
import type { SessionFailure } from '../domain/failure.ts';
import type { Sha } from '../domain/repo.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import { seconds } from '../domain/time.ts';
import type { GitFailure } from '../ports/mirrors.ts';
import { workspaceFailure } from './failure-words.ts';
import { resolveConflict } from './resolve-conflict.ts';
import { type Landing, verifiedAt } from './verified-at.ts';
import { mustEndNow, type OpenSession, type SessionWorld, type Stop } from './visit.ts';

export interface Landed {
  readonly sha: Sha;
  /** Tip of the branch before it moved. */
  readonly parent: Sha;
  readonly commits: readonly Commit[];
  readonly mode: 'push' | 'local';
}

/**
 * Moves the branch to the session's commits. Where somebody else was faster, the commits are put on the new tip
 * and verified there again: nothing lands that was not verified on the very tree that lands.
 */
export async function land(
  world: SessionWorld,
  session: OpenSession,
  landing: Landing,
  stop: Stop,
): Promise<Result<Landed, SessionFailure>> {
  const { mirror, ledger, visit } = session;
  const attempts = visit.options.land_attempts;
  let { from, tip } = landing;
  let target = mirror.tip;
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    if (mustEndNow(stop)) return failed({ kind: 'interrupted', message: 'stopped before landing' });
    if (target !== from) {
      await ledger.record({ type: 'tip-moved', from, to: target, attempt });
      const moved = await putOn(world, session, { ...landing, from, tip }, target, stop);
      if (!moved.ok) return moved;
      tip = moved.value;
      from = target;
      if (tip === target)
        return failed({
          kind: 'tasks-rejected',
          message: 'what others pushed already does what the session did',
        });
    }
    if (!(await landing.lease.stillHighest()) || landing.lease.lost.aborted) {
      return failed({
        kind: 'lease-lost',
        message: 'another session took the repository over; nothing was landed',
      });
    }
    if (!landing.aside)
      await ledger.record({
        type: 'session-moved',
        to: 'merged',
        facts: { sha: tip, expected: target, fence: landing.lease.fence, attempt },
      });
    const landed = await mirror.land(tip, target);
    if (landed.ok) return ok({ ...(await describe(session, from, tip)), mode: landed.value.mode });

    const { failure } = landed;
    if (failure.kind !== 'moved' && failure.kind !== 'unreachable') return failed(refusalOf(failure));
    if (attempt === attempts) {
      return failed(failure.kind === 'moved' ? { kind: 'tip-kept-moving', attempts } : unreachable(failure));
    }
    if (failure.kind === 'unreachable') await world.clock.sleep(seconds(2 ** attempt), stop.now);
    const refreshed = await mirror.refresh();
    if (refreshed.ok) target = refreshed.value;
    if (!landing.aside)
      await ledger.record({
        type: 'session-moved',
        to: 'accepted',
        why: failure.message,
        facts: { tip, target },
      });
  }
  return failed({ kind: 'tip-kept-moving', attempts });
}

async function putOn(
  world: SessionWorld,
  session: OpenSession,
  landing: Landing,
  target: Sha,
  stop: Stop,
): Promise<Result<Sha, SessionFailure>> {
  const rebased = await session.mirror.rebase(landing.from, landing.tip, target);
  if (!rebased.ok && rebased.failure.kind === 'conflict') {
    return resolveConflict(world, session, { ...landing, target, paths: rebased.failure.paths }, stop);
  }
  if (!rebased.ok) return failed(workspaceFailure(rebased.failure));
  const tip = rebased.value.at(-1)?.now ?? target;
  if (tip === target) return ok(tip);
  return verifiedAt(world, session, { ...landing, from: target, tip }, 'rebased', stop);
}

async function describe(
  session: OpenSession,
  from: Sha,
  to: Sha,
): Promise<{ sha: Sha; parent: Sha; commits: readonly Commit[] }> {
  const listed = await session.mirror.commits(from, to);
  const commits = listed.ok ? listed.value : [];
  return {
    sha: to,
    parent: from,
    commits: commits.map(({ sha, subject, message, files }) => ({
      sha,
      subject,
      task: /^Clone-Task: (.+)$/m.exec(message)?.[1],
      files,
    })),
  };
}

function refusalOf(failure: GitFailure): SessionFailure {
  switch (failure.kind) {
    case 'access':
      return {
        kind: 'access-refused',
        message: `the remote refused the push: ${failure.message}`,
        hint: 'the commits are kept; give the token the right it lacks, or set `land: hold`',
      };
    case 'in-the-way':
      return { kind: 'checkout-in-the-way', message: failure.message };
    default:
      return workspaceFailure(failure);
  }
}

function unreachable(failure: GitFailure): SessionFailure {
  return {
    kind: 'landing-unreachable',
    message: `the remote could not be reached: ${failure.message}`,
    hint: 'The verified commits are kept; every cycle tries to land them again.',
  };
}
