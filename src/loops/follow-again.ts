import type { Repo } from '../domain/repo.ts';
import type { WatchView } from '../ledger/views.ts';
import type { Lease } from '../ports/leases.ts';
import type { Stop } from '../session/visit.ts';
import { type Followed, followCi } from './follow-ci.ts';
import { formerRepo } from './former-repo.ts';
import { isAtWork } from './is-at-work.ts';
import { visitAgain } from './land-accepted.ts';
import type { RunOrder, RunWorld } from './run-world.ts';
import type { CiScheduler } from './watch-ci.ts';
import type { WorkerPool } from './worker-pool.ts';

/** What following needs besides the world. */
export interface FollowTools {
  readonly scheduler: CiScheduler;
  readonly pool: WorkerPool;
  readonly repos: readonly Repo[];
}

/**
 * Goes on with watches that are open in the ledger and that nobody follows: all of them, or those of some sessions.
 * Each promise settles with the verdict.
 */
export async function followAgain(
  world: RunWorld,
  order: RunOrder,
  tools: FollowTools,
  stop: Stop,
  sessions?: readonly string[],
): Promise<readonly Promise<unknown>[]> {
  const following: Promise<unknown>[] = [];
  const open = await world.ledger.watches({ open: true });
  const wanted = open.filter((one) => sessions === undefined || sessions.includes(one.session));
  for (const chain of chainsOf(wanted)) {
    const followed = await followChain(world, order, tools, chain, stop);
    if (followed) following.push(followed.done);
  }
  return following;
}

/** The open watches of one session belong to one landing: its first commit and its fixes. */
function chainsOf(watches: readonly WatchView[]): readonly (readonly WatchView[])[] {
  const bySession = new Map<string, WatchView[]>();
  for (const one of watches) bySession.set(one.session, [...(bySession.get(one.session) ?? []), one]);
  const place = (one: WatchView): number => (one.takesBack ? Number.POSITIVE_INFINITY : one.attempt);
  return [...bySession.values()].map((chain) => chain.sort((a, b) => place(a) - place(b)));
}

async function followChain(
  world: RunWorld,
  order: RunOrder,
  tools: FollowTools,
  chain: readonly WatchView[],
  stop: Stop,
): Promise<{ done: Promise<unknown> } | undefined> {
  const [first] = chain;
  if (!first || !world.forge || (await isAtWork(world, order, first))) return undefined;
  const { session: id, repo: name, run, cycle } = first;
  // A memory that was shortened has landed without a session.
  const session = await world.ledger.session(id);
  const repo = tools.repos.find((one) => one.name === name) ?? (session && formerRepo(session));
  if (!repo) return undefined;
  const identified = await world.mirrors.identify(repo);
  if (!identified.ok) return undefined;
  const visit = await visitAgain(world, order, { id, repo: name, run, cycle }, repo, identified.value);
  const ledger = world.ledger.within({ run, cycle, repo: name, session: id });
  const landings = chain.map(({ takesBack, attempt, sha, parent }) => {
    const isWork = attempt === 0 && !takesBack && session !== undefined;
    return { sha, parent, commits: isWork ? session.commits.map((commit) => commit.sha) : [sha] };
  });
  const takenBackBy = chain.at(-1)?.takesBack ? landings.pop() : undefined;
  const followed: Followed = {
    visit,
    slug: first.slug,
    thread: session?.thread,
    landings,
    signatures: chain.flatMap((one) => one.signatures),
    takenBackBy,
  };
  // Two runs that begin at once find the same watch: one of them follows it, or both would push a fix.
  const context = { run: order.run, repo: name };
  const taken = await world.leases.acquire(`ci-${id}`, `run ${order.run}, following CI`, context);
  if (!taken.ok) return undefined;
  const open = await world.ledger.watches({ repo: name, open: true });
  const follow = (): Promise<unknown> =>
    open.some((one) => one.session === id)
      ? followCi({ ...world, ledger }, tools, followed, stop)
      : Promise.resolve();
  return { done: followHolding(taken.value, follow) };
}

async function followHolding(held: Lease, follow: () => Promise<unknown>): Promise<unknown> {
  try {
    return await follow();
  } finally {
    await held[Symbol.asyncDispose]();
  }
}
