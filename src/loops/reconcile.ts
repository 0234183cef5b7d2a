import path from 'node:path';
import type { BlockedBy } from '../domain/failure.ts';
import type { Identity, Repo } from '../domain/repo.ts';
import { isEnd, type SessionEnd, workingStates } from '../domain/session-state.ts';
import type { SessionView } from '../ledger/views.ts';
import { endAfter } from '../rules/after-failure.ts';
import { waitsForYou } from '../session/accept-reviewed.ts';
import { settleClaims } from '../session/claim.ts';
import { nothingKnown } from '../session/knowledge.ts';
import { salvage, salvageFiles, salvageStrays } from '../session/salvage.ts';
import type { Stop } from '../session/visit.ts';
import { followAgain } from './follow-again.ts';
import { watchLanding } from './follow-ci.ts';
import { formerRepo } from './former-repo.ts';
import { isAtWork } from './is-at-work.ts';
import { acceptedTip, heldByReview, landAccepted, visitAgain } from './land-accepted.ts';
import { landWaiting, mayLandLater } from './land-waiting.ts';
import { resumeSession, whatOfCutOff } from './resume-session.ts';
import type { RunOrder, RunWorld } from './run-world.ts';
import { sweepCompactions } from './sweep-compactions.ts';
import type { CiScheduler } from './watch-ci.ts';
import type { WorkerPool } from './worker-pool.ts';

export interface Reconciled {
  /** Sessions whose unfinished work was kept, and those that went on to land. */
  readonly salvaged: number;
  readonly resumed: number;
  /** CI watches that go on; each settles with its verdict. */
  readonly following: readonly Promise<unknown>[];
  /** How sessions ended that went on here. */
  readonly ends: readonly SessionEnd[];
  /** What accepted work waits for that could not land now either. */
  readonly waiting: readonly BlockedBy[];
}

/**
 * Brings the ledger and the world together after a crash: strays are ended; sessions without an owner are landed when
 * they were accepted, go on where they were when they had a plan, else their work is kept and named; watches go on.
 * Twice is the same as once.
 */
export async function reconcile(
  world: RunWorld,
  order: RunOrder,
  tools: { scheduler: CiScheduler; pool: WorkerPool; repos: readonly Repo[] },
  stop: Stop,
): Promise<Reconciled> {
  await world.commands.sweepStrays();
  await world.leases.sweep();
  await sweepCompactions(world, order);
  for (const run of await world.ledger.runs(20)) {
    const owner = { pid: run.pid, start: run.processStart };
    if (
      run.id === order.run ||
      run.state === 'ended' ||
      run.host !== world.processes.self.host ||
      world.processes.alive(owner)
    )
      continue;
    await world.ledger.record({
      type: 'run-ended',
      run: run.id,
      stopReason: 'died: its process is gone',
      exitCode: 1,
    });
  }

  let salvaged = 0;
  let resumed = 0;
  const ends: SessionEnd[] = [];
  const cutOff: { session: SessionView; repo: Repo }[] = [];
  const keep = async ({ session, repo }: { session: SessionView; repo: Repo }): Promise<void> => {
    const outcome = await safely(world, session, () => takeUp(world, order, session, repo, stop));
    if (outcome === 'salvaged') salvaged += 1;
    if (outcome === 'resumed') resumed += 1;
    if (typeof outcome === 'object') ends.push(outcome);
  };
  for (const session of await world.ledger.sessions({ states: workingStates })) {
    if (await isAtWork(world, order, session)) continue;
    const repo = tools.repos.find((one) => one.name === session.repo);
    const next = whatOfCutOff(order, session, repo, stop);
    if (next === 'wait') continue;
    if (next === 'resume' && repo) cutOff.push({ session, repo });
    else await keep({ session, repo: repo ?? formerRepo(session) });
  }
  await Promise.all(
    cutOff.map((one) =>
      tools.pool.run(async () => {
        const end = await safely(world, one.session, () => resumeSession(world, order, one, stop));
        const session = await world.ledger.session(one.session.id);
        if (end === 'left') return;
        if (end !== undefined) {
          ends.push(end);
          resumed += 1;
        } else if (session && !isEnd(session.state)) await keep({ ...one, session });
      }),
    ),
  );
  for (const task of await world.ledger.operatorTasks({ states: ['claimed'] })) {
    const session = task.session === undefined ? undefined : await world.ledger.session(task.session);
    if (session && isEnd(session.state))
      await settleClaims(world.ledger.within({ repo: task.repo }), session.id);
  }
  const late = await landWaiting(world, order, tools.repos, stop);
  resumed += late.landed.length;
  ends.push(...late.ends);
  if (salvaged + resumed > 0) await world.ledger.record({ type: 'run-recovered', resumed, salvaged });
  const following = await followAgain(world, order, tools, stop);
  return { salvaged, resumed, ends, waiting: late.waiting, following };
}

/** A bug in one session keeps away from the others. */
async function safely<Outcome>(
  world: RunWorld,
  session: SessionView,
  job: () => Promise<Outcome>,
): Promise<Outcome | undefined> {
  try {
    return await job();
  } catch (bug) {
    const message = bug instanceof Error ? bug.message : String(bug);
    await world.ledger.record({
      type: 'warned',
      message: `${session.id} could not be taken up: ${world.redact(message)}`,
      repo: session.repo,
    });
    return undefined;
  }
}

async function takeUp(
  world: RunWorld,
  order: RunOrder,
  session: SessionView,
  repo: Repo,
  stop: Stop,
): Promise<'salvaged' | 'resumed' | 'left' | SessionEnd> {
  const ledger = world.ledger.within({
    run: session.run,
    cycle: session.cycle,
    repo: session.repo,
    session: session.id,
  });
  const tip = acceptedTip(session);
  const identified = await world.mirrors.identify(repo);
  // What was accepted waits until its repository is back: a disk may only be unplugged.
  if (!identified.ok && tip !== undefined && session.state !== 'pushed') return 'left';
  const identity = identified.ok ? identified.value : vanished(session);
  const visit = await visitAgain(world, order, session, repo, identity);
  const taken = await world.leases.acquire(
    identity.key,
    `run ${order.run}, taking up session ${session.id}`,
    { run: order.run, repo: session.repo },
  );
  if (!taken.ok) return 'left';
  await using lease = taken.value;
  const current = await world.ledger.session(session.id);
  if (!current || isEnd(current.state)) return 'left';
  if (!session.base || !session.folder) {
    await world.mirrors.discardWorkspace(session.id);
    await ledger.record({
      type: 'session-moved',
      to: 'abandoned',
      why: 'the run died before the session had a workspace',
      facts: {},
    });
    return 'left';
  }
  const synced = identified.ok ? await world.mirrors.sync(identity) : identified;
  const mirror = synced.ok ? synced.value : await world.mirrors.existing(identity, session.base);
  if (!mirror) {
    if (identified.ok) return 'left';
    const to = session.state === 'pushed' ? 'cleaned' : 'abandoned';
    await ledger.record({ type: 'session-moved', to, why: identified.failure.message, facts: {} });
    return 'left';
  }
  if (tip !== undefined && session.state !== 'pushed' && !synced.ok) return 'left';
  const adopted = await mirror.adoptWorkspace(session.id, session.base);
  const verified = session.commits.at(-1)?.sha;
  if (!adopted.ok && tip === undefined && verified === undefined) {
    await world.mirrors.discardWorkspace(session.id);
    await ledger.record({
      type: 'session-moved',
      to: 'abandoned',
      why: `its workspace is gone: ${adopted.failure.message}`,
      facts: {},
    });
    return 'left';
  }
  await using workspace = adopted.ok ? adopted.value : undefined;

  if (tip !== undefined && session.state !== 'pushed') {
    const held = heldByReview(session);
    if (session.state === 'accepted' && (visit.options.land !== 'push' || held !== undefined)) {
      const why = held === undefined ? 'waits for a person' : `${held}; ${waitsForYou(visit)}`;
      await ledger.record({ type: 'session-moved', to: 'blocked', blockedBy: 'human', why, facts: {} });
      return { state: 'blocked', blockedBy: 'human', why };
    }
    const landed = await landAccepted(
      { ...world, ledger },
      { visit, session, mirror, tip, base: session.base, lease },
      stop,
    );
    if (landed.ok) {
      await world.mirrors.discardWorkspace(session.id);
      await watchLanding({ ...world, ledger }, visit, landed.value);
      return 'resumed';
    }
    if (mayLandLater(landed.failure) || landed.failure.kind === 'held-for-review') {
      const end = endAfter(landed.failure);
      const { state: to, why, blockedBy } = end;
      await ledger.record({ type: 'session-moved', to, why, blockedBy, facts: { tip } });
      await world.mirrors.discardWorkspace(session.id);
      return end;
    }
  }
  if (session.state === 'pushed') {
    await world.mirrors.discardWorkspace(session.id);
    await ledger.record({ type: 'session-moved', to: 'cleaned', facts: { removed: session.folder } });
    if (tip !== undefined)
      await watchLanding({ ...world, ledger }, visit, { sha: tip, parent: session.base });
    return 'resumed';
  }
  if (verified !== undefined)
    await salvage({ visit, mirror, ledger }, 'verified', verified, 'the run died before it landed');
  const kept =
    workspace &&
    (await salvageFiles(
      { visit, knowledge: nothingKnown, mirror, workspace, ledger },
      'unfinished',
      verified ?? session.base,
      'the run died while it was worked on',
    ));
  if (workspace) await salvageStrays({ visit, workspace, ledger });
  await world.mirrors.discardWorkspace(session.id);
  await ledger.record({
    type: 'session-moved',
    to: 'interrupted',
    why:
      kept === undefined && verified === undefined
        ? 'the run died; there was nothing to keep'
        : `the run died; its work is kept in the mirror under refs/clone/salvage/${session.id}`,
    facts: { kept: kept ?? verified },
  });
  return 'salvaged';
}

/** A repository that is not where it was, as far as it takes to get at our mirror of it and to free its lock. */
function vanished(session: SessionView): Identity {
  const key = session.states.find(({ state }) => state === 'setup')?.facts['key'];
  return {
    gitDir: path.join(session.path, '.git'),
    key: typeof key === 'string' ? key : session.id,
    checkout: undefined,
    remoteUrl: undefined,
    branch: session.target ?? '',
  };
}
