import { boundPaths, type Commit } from '../domain/change.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { SessionFailure } from '../domain/failure.ts';
import type { Sha } from '../domain/repo.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import { seconds } from '../domain/time.ts';
import type { GitFailure } from '../ports/mirrors.ts';
import { workspaceFailure } from './failure-words.ts';
import { askGates } from './gates.ts';
import { rememberOn } from './remember.ts';
import { resolveConflict } from './resolve-conflict.ts';
import { type Summarise, summariserOfLanding } from './summarise.ts';
import { type Landing, verifiedAt } from './verified-at.ts';
import { verify } from './verify.ts';
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
  let isVerified = true;
  let ready: Ready | undefined;
  const summarise = landing.mayAsk ? summariserOfLanding(world, session, stop) : undefined;
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    if (mustEndNow(stop)) return failed({ kind: 'interrupted', message: 'stopped before landing' });
    if (target !== from) {
      await ledger.record({ type: 'tip-moved', from, to: target, attempt });
      const moved = await putOn(world, session, { ...landing, from, tip }, target, stop);
      if (!moved.ok) return moved;
      ({ tip, isVerified } = moved.value);
      from = target;
      ready = undefined;
      if (tip === target)
        return failed({
          kind: 'tasks-rejected',
          message: 'what others pushed already does what the session did',
        });
    }
    if (!ready) {
      const work = { ...landing, from, tip, isVerified, summarise };
      const made = await makeReady(world, session, work, stop);
      if (!made.ok) return made;
      ready = made.value;
    }
    if (!(await landing.lease.stillHighest()) || landing.lease.lost.aborted) {
      return failed({
        kind: 'lease-lost',
        message: 'another session took the repository over; nothing was landed',
      });
    }
    const { sha, commits } = ready;
    if (!landing.aside)
      await ledger.record({
        type: 'session-moved',
        to: 'merged',
        facts: { sha, work: tip, expected: target, fence: landing.lease.fence, attempt },
      });
    const landed = await mirror.land(sha, target);
    if (landed.ok) return ok({ sha, parent: from, commits, mode: landed.value.mode });

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

/** Puts the commits on another tip. Whoever solved a conflict has verified the outcome; a plain rebase has not. */
async function putOn(
  world: SessionWorld,
  session: OpenSession,
  landing: Landing,
  target: Sha,
  stop: Stop,
): Promise<Result<{ tip: Sha; isVerified: boolean }, SessionFailure>> {
  const rebased = await session.mirror.rebase(landing.from, landing.tip, target);
  if (!rebased.ok && rebased.failure.kind === 'conflict') {
    const order = { ...landing, target, paths: rebased.failure.paths };
    const resolved = await resolveConflict(world, session, order, stop);
    return resolved.ok ? ok({ tip: resolved.value, isVerified: true }) : resolved;
  }
  if (!rebased.ok) return failed(workspaceFailure(rebased.failure));
  return ok({ tip: rebased.value.at(-1)?.now ?? target, isVerified: false });
}

/** The tip to land, with every commit below it. */
interface Ready {
  readonly sha: Sha;
  readonly commits: readonly Commit[];
}

/**
 * The work with what is remembered on top, verified on exactly that tree. Where only our own files turn a check red,
 * the work lands without them, and they wait for the next landing.
 */
async function makeReady(
  world: SessionWorld,
  session: OpenSession,
  landing: Landing & { readonly isVerified: boolean; readonly summarise: Summarise | undefined },
  stop: Stop,
): Promise<Result<Ready, SessionFailure>> {
  const { checks, tip, isVerified, summarise } = landing;
  const commits = await listWork(session, landing.from, tip);
  if (!isVerified) {
    const there = await session.workspace.resetTo(tip);
    if (!there.ok) return failed(workspaceFailure(there.failure));
  }
  const remembered = landing.takesBack
    ? ok(undefined)
    : await rememberOn(world, session, { tip, commits, checks, summarise });
  if (remembered.ok && remembered.value) {
    const { commit, tree } = remembered.value;
    const { from: below, base } = landing;
    const what = { checks: checks.checks, commit: commit.sha, tree, below, base, label: 'memory' };
    const checked = await verify(world, session, what, stop);
    if (!checked.ok) return checked;
    if (checked.value.kind === 'green') {
      const allowed = isVerified
        ? ok(undefined)
        : await askGates(world, session, { from: landing.from, to: tip });
      return allowed.ok ? ok({ sha: commit.sha, commits: [...commits, commit] }) : allowed;
    }
    await tellWithout(session, checked.value.failing);
  } else if (!remembered.ok) {
    const message = `nothing is remembered of this landing, it waits: ${remembered.failure.message}`;
    await session.ledger.record({ type: 'warned', message });
  }
  if (isVerified) {
    // What was tried in the workspace is not the work.
    const there = remembered.ok && !remembered.value ? ok(undefined) : await session.workspace.resetTo(tip);
    return there.ok ? ok({ sha: tip, commits }) : failed(workspaceFailure(there.failure));
  }
  const verified = await verifiedAt(world, session, landing, 'rebased', stop);
  return verified.ok ? ok({ sha: tip, commits }) : verified;
}

async function tellWithout({ ledger }: OpenSession, failing: readonly Evidence[]): Promise<void> {
  const names = failing.map(({ check }) => check).join(', ');
  const message = `${names} is red with AGENTS.md, PROJECT_MEMORY.md, INCIDENTS.md and CLONE_FEATURES.md as we write them, so the work lands without them; what they should hold waits. Make the check leave these files out, or set memory_enabled: false`;
  await ledger.record({ type: 'warned', message });
}

async function listWork(session: OpenSession, from: Sha, to: Sha): Promise<readonly Commit[]> {
  const listed = await session.mirror.commits(from, to);
  return (listed.ok ? listed.value : []).map(asCommit);
}

/** A commit of ours as the ledger keeps it. */
export function asCommit(commit: {
  readonly sha: Sha;
  readonly subject: string;
  readonly message: string;
  readonly files: number;
  readonly paths: readonly string[];
}): Commit {
  const { sha, subject, message, files } = commit;
  const task = /^Clone-Task: (.+)$/m.exec(message)?.[1];
  const memory = /^Clone-Turn: memory$/m.test(message) ? true : undefined;
  return { sha, subject, task, memory, files, paths: boundPaths(commit.paths) };
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
