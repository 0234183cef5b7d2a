import type { Repo } from '../domain/repo.ts';
import { isEnd, workingStates } from '../domain/session-state.ts';
import type { SessionView, WatchView } from '../ledger/views.ts';
import type { Lease } from '../ports/leases.ts';
import { settleClaims } from '../session/claim.ts';
import { salvage, salvageFiles } from '../session/salvage.ts';
import type { Stop } from '../session/visit.ts';
import { type Followed, followCi, watchLanding } from './follow-ci.ts';
import { acceptedTip, landAccepted, visitAgain } from './land-accepted.ts';
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
  const following: Promise<unknown>[] = [];
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
  for (const chain of chainsOf(await world.ledger.watches({ open: true }))) {
    const followed = await followAgain(world, order, tools, chain, stop);
    if (followed) following.push(followed.done);
  }
  return { salvaged, resumed, following };
}

/** Whether another run that still lives has the session: then it is none of ours, even between two of its steps. */
async function isAtWork(world: RunWorld, order: RunOrder, session: SessionView): Promise<boolean> {
  if (session.run === order.run) return false;
  const run = await world.ledger.run(session.run);
  if (run?.state !== 'running') return false;
  const { self } = world.processes;
  return run.host !== self.host || world.processes.alive({ pid: run.pid, start: run.processStart });
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
      { visit, mirror, workspace, ledger },
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

/** The open watches of one session belong to one landing: its first commit and its fixes. */
function chainsOf(watches: readonly WatchView[]): readonly (readonly WatchView[])[] {
  const bySession = new Map<string, WatchView[]>();
  for (const one of watches) bySession.set(one.session, [...(bySession.get(one.session) ?? []), one]);
  return [...bySession.values()].map((chain) => chain.sort((a, b) => a.attempt - b.attempt));
}

async function followAgain(
  world: RunWorld,
  order: RunOrder,
  tools: { scheduler: CiScheduler; pool: WorkerPool; repos: readonly Repo[] },
  chain: readonly WatchView[],
  stop: Stop,
): Promise<{ done: Promise<unknown> } | undefined> {
  const [first] = chain;
  const session = first && (await world.ledger.session(first.session));
  if (!first || !session || !world.forge) return undefined;
  if (await isAtWork(world, order, session)) return undefined;
  const repo = tools.repos.find((one) => one.name === session.repo) ?? formerRepo(session);
  const identified = await world.mirrors.identify(repo);
  if (!identified.ok) return undefined;
  const visit = await visitAgain(world, order, session, repo, identified.value);
  const ledger = world.ledger.within({
    run: session.run,
    cycle: session.cycle,
    repo: session.repo,
    session: session.id,
  });
  const followed: Followed = {
    visit,
    slug: first.slug,
    thread: session.thread,
    landings: chain.map((one) => ({
      sha: one.sha,
      parent: one.parent,
      commits: one.attempt === 0 ? session.commits.map((commit) => commit.sha) : [one.sha],
    })),
    signatures: chain.flatMap((one) => one.signatures),
  };
  // Two runs that begin at once find the same watch: one of them follows it, or both would push a fix.
  const taken = await world.leases.acquire(`ci-${session.id}`, `run ${order.run}, following CI`);
  if (!taken.ok) return undefined;
  const open = await world.ledger.watches({ repo: session.repo, open: true });
  const follow = (): Promise<unknown> =>
    open.some((one) => one.session === session.id)
      ? followCi({ ...world, ledger }, tools, followed, stop)
      : Promise.resolve();
  return { done: followHolding(taken.value, follow) };
}

async function followHolding(held: Lease, follow: () => Promise<unknown>): Promise<void> {
  try {
    await follow();
  } finally {
    await held[Symbol.asyncDispose]();
  }
}

/** A repository that left the portfolio while a session of it was open. */
export function formerRepo(session: SessionView): Repo {
  return {
    name: session.repo,
    path: session.path,
    branch: session.target ?? '',
    objective: '',
    lastCommit: undefined,
    pinned: false,
    ignored: false,
    missing: false,
    options: {},
  };
}
