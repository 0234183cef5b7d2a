import type { SessionFailure } from '../domain/failure.ts';
import type { Repo } from '../domain/repo.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import type { SessionView } from '../ledger/views.ts';
import type { Lease } from '../ports/leases.ts';
import type { Mirror } from '../ports/mirrors.ts';
import { findChecks } from '../session/checks.ts';
import { workspaceFailure } from '../session/failure-words.ts';
import { nothingKnown } from '../session/knowledge.ts';
import { asCommit, type Landed, land } from '../session/land.ts';
import { prepare } from '../session/prepare.ts';
import { mostReviewTurns } from '../session/review.ts';
import { tellLanded } from '../session/session.ts';
import type { OpenSession, Stop, Visit } from '../session/visit.ts';
import type { RunOrder, RunWorld } from './run-world.ts';

/** The commit a session was accepted at; undefined: it never was. */
export function acceptedTip(session: SessionView): string | undefined {
  const state = session.states.findLast((one) => ['accepted', 'merged', 'pushed'].includes(one.state));
  const sha = state?.facts['sha'] ?? state?.facts['tip'];
  return typeof sha === 'string' ? sha : undefined;
}

/** The work alone, where what is remembered was on top of it; that is written anew when it lands. */
function workTip(session: SessionView, tip: string): string {
  const state = session.states.findLast((one) => ['accepted', 'merged', 'pushed'].includes(one.state));
  const work = state?.facts['work'];
  return typeof work === 'string' ? work : tip;
}

/** Why a session that was accepted must not land by itself: its review did not let it pass. Undefined: it may. */
export function heldByReview(session: SessionView): string | undefined {
  const state = session.states.findLast((one) => ['accepted', 'merged', 'pushed'].includes(one.state));
  const held = state?.facts['held'];
  return typeof held === 'string' ? held : undefined;
}

/** True while a session waits for a person to accept or reject it. */
export function isHeld(session: SessionView): boolean {
  return session.state === 'blocked' && session.blockedBy === 'human' && acceptedTip(session) !== undefined;
}

/** The visit of a session that an earlier process began, as its steps are handed it. */
export async function visitAgain(
  world: RunWorld,
  order: Pick<RunOrder, 'optionsFor'>,
  session: Pick<SessionView, 'id' | 'repo' | 'run' | 'cycle'>,
  repo: Repo,
  identity: Visit['identity'],
): Promise<Visit> {
  const folder = await world.files.sessionFolder(session.repo, session.cycle);
  return {
    session: session.id,
    repo,
    identity,
    options: await order.optionsFor(repo),
    run: session.run,
    cycle: session.cycle,
    signals: [],
    issues: [],
    onlyAsked: false,
    landedSinceCleanup: 0,
    folder,
    logs: world.files.relative(folder),
  };
}

/**
 * Lands what was accepted and never landed, in a fresh workspace: verified again where the branch has moved. What
 * the branch already contains is only told.
 */
export async function landAccepted(
  world: RunWorld,
  accepted: { visit: Visit; session: SessionView; mirror: Mirror; tip: string; base: string; lease: Lease },
  stop: Stop,
): Promise<Result<Landed, SessionFailure>> {
  const { visit, session, mirror, tip, base, lease } = accepted;
  const { ledger } = world;
  const work = workTip(session, tip);
  const name = `${session.id}-landing`;
  // A run that died while it landed left this one, and made nothing in it that cannot be made again.
  await world.mirrors.discardWorkspace(name);
  const opened = await mirror.openWorkspace(name, work);
  if (!opened.ok) return failed(workspaceFailure(opened.failure));
  await using workspace = opened.value;
  const open: OpenSession = { visit, knowledge: nothingKnown, mirror, workspace, ledger };

  const there = await alreadyThere(mirror, tip, work);
  if (there !== undefined) {
    const listed = await mirror.commits(base, there);
    const landed: Landed = {
      sha: there,
      parent: base,
      commits: (listed.ok ? listed.value : []).map(asCommit),
      mode: visit.identity.remoteUrl ? 'push' : 'local',
    };
    if (session.state !== 'merged') {
      await ledger.record({ type: 'session-moved', to: 'merged', facts: { sha: there, seen: mirror.tip } });
    }
    await tellLanded(open, landed);
    return ok(landed);
  }
  if (session.state === 'merged') {
    await ledger.record({
      type: 'session-moved',
      to: 'accepted',
      why: 'it had not reached the branch',
      facts: { tip },
    });
  }
  const checks = await findChecks(world, visit, workspace.folder);
  const prepared = await prepare(world, open, checks, stop);
  if (!prepared.ok) return prepared;
  const reviews = { left: mostReviewTurns };
  const landing = { from: base, tip: work, checks, base: new Map(), lease, thread: session.thread, reviews };
  const landed = await land(world, open, landing, stop);
  if (landed.ok) await tellLanded(open, landed.value);
  return landed;
}

async function alreadyThere(mirror: Mirror, ...tips: readonly string[]): Promise<string | undefined> {
  for (const tip of new Set(tips)) if (await mirror.contains(mirror.tip, tip)) return tip;
  return undefined;
}
