import type { Repo } from '../domain/repo.ts';
import { isEnd, workingStates } from '../domain/session-state.ts';
import type { SessionView } from '../ledger/views.ts';
import { endAfter } from '../rules/after-failure.ts';
import { settleClaims } from '../session/claim.ts';
import { nothingKnown } from '../session/knowledge.ts';
import { salvage, salvageFiles } from '../session/salvage.ts';
import type { Stop } from '../session/visit.ts';
import { followAgain } from './follow-again.ts';
import { watchLanding } from './follow-ci.ts';
import { formerRepo } from './former-repo.ts';
import { isAtWork } from './is-at-work.ts';
import { acceptedTip, landAccepted, visitAgain } from './land-accepted.ts';
import { landWaiting, mayLandLater } from './land-waiting.ts';
import type { RunOrder, RunWorld } from './run-world.ts';
import type { CiScheduler } from './watch-ci.ts';
import type { WorkerPool } from './worker-pool.ts';

export interface Reconciled {
  /** Sessions whose unfinished work was kept, and those that went on to land. */
  readonly salvaged: number;
  readonly resumed: number;
  /** CI watches that go on; each settles with its verdict. */
  readonly following: readonly Promise<unknown>[];
}

/**
 * Brings the ledger and the world together after a crash: strays are ended, sessions without an owner are landed
 * when they were accepted, else their work is kept and named; watches go on. Twice is the same as once.
 */
export async function reconcile(
  world: RunWorld,
  order: RunOrder,
  tools: { scheduler: CiScheduler; pool: WorkerPool; repos: readonly Repo[] },
  stop: Stop,
): Promise<Reconciled> {
  await world.commands.sweepStrays();
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
  for (const session of await world.ledger.sessions({ states: workingStates })) {
    if (await isAtWork(world, order, session)) continue;
    const repo = tools.repos.find((one) => one.name === session.repo) ?? formerRepo(session);
    const outcome = await takeUp(world, order, session, repo, stop).catch(async (bug: unknown) => {
      const message = bug instanceof Error ? bug.message : String(bug);
      await world.ledger.record({
        type: 'warned',
        message: `${session.id} could not be taken up: ${world.redact(message)}`,
        repo: session.repo,
      });
      return 'left' as const;
    });
    if (outcome === 'salvaged') salvaged += 1;
    if (outcome === 'resumed') resumed += 1;
  }
  for (const task of await world.ledger.operatorTasks({ states: ['claimed'] })) {
    const session = task.session === undefined ? undefined : await world.ledger.session(task.session);
    if (session && isEnd(session.state))
      await settleClaims(world.ledger.within({ repo: task.repo }), session.id);
  }
  resumed += (await landWaiting(world, order, tools.repos, stop)).length;
  return { salvaged, resumed, following: await followAgain(world, order, tools, stop) };
}

async function takeUp(
  world: RunWorld,
  order: RunOrder,
  session: SessionView,
  repo: Repo,
  stop: Stop,
): Promise<'salvaged' | 'resumed' | 'left'> {
  const ledger = world.ledger.within({
    run: session.run,
    cycle: session.cycle,
    repo: session.repo,
    session: session.id,
  });
  const tip = acceptedTip(session);
  const identified = await world.mirrors.identify(repo);
  if (!identified.ok) {
    // What was accepted waits until its repository is back: a disk may only be unplugged.
    if (tip !== undefined && session.state !== 'pushed') return 'left';
    await ledger.record({
      type: 'session-moved',
      to: session.state === 'pushed' ? 'cleaned' : 'abandoned',
      why: identified.failure.message,
      facts: {},
    });
    return 'left';
  }
  const visit = await visitAgain(world, order, session, repo, identified.value);
  const taken = await world.leases.acquire(
    identified.value.key,
    `run ${order.run}, taking up session ${session.id}`,
  );
  if (!taken.ok) return 'left';
  await using lease = taken.value;
  const current = await world.ledger.session(session.id);
  if (!current || isEnd(current.state)) return 'left';
  if (!session.base || !session.folder) {
    await ledger.record({
      type: 'session-moved',
      to: 'abandoned',
      why: 'the run died before the session had a workspace',
      facts: {},
    });
    return 'left';
  }
  const synced = await world.mirrors.sync(identified.value);
  const mirror = synced.ok ? synced.value : await world.mirrors.existing(identified.value, session.base);
  if (!mirror) return 'left';
  if (tip !== undefined && session.state !== 'pushed' && !synced.ok) return 'left';
  const adopted = await mirror.adoptWorkspace(session.id, session.base);
  if (!adopted.ok && tip === undefined) {
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
    if (session.state === 'accepted' && visit.options.land !== 'push') {
      await ledger.record({
        type: 'session-moved',
        to: 'blocked',
        blockedBy: 'human',
        why: 'waits for a person',
        facts: {},
      });
      return 'left';
    }
    const landed = await landAccepted(
      { ...world, ledger },
      { visit, session, mirror, tip, base: session.base, lease },
      stop,
    );
    if (landed.ok) {
      await workspace?.remove();
      await watchLanding({ ...world, ledger }, visit, landed.value);
      return 'resumed';
    }
    if (mayLandLater(landed.failure)) {
      const { state: to, why, blockedBy } = endAfter(landed.failure);
      await ledger.record({ type: 'session-moved', to, why, blockedBy, facts: { tip } });
      await workspace?.remove();
      return 'left';
    }
  }
  if (session.state === 'pushed') {
    await workspace?.remove();
    await ledger.record({ type: 'session-moved', to: 'cleaned', facts: { removed: session.folder } });
    if (tip !== undefined)
      await watchLanding({ ...world, ledger }, visit, { sha: tip, parent: session.base });
    return 'resumed';
  }
  const verified = session.commits.at(-1)?.sha;
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
  await workspace?.remove();
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
