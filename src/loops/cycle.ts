import type { BlockedBy } from '../domain/failure.ts';
import type { Repo } from '../domain/repo.ts';
import type { SessionEnd } from '../domain/session-state.ts';
import { visitRepository } from '../session/session.ts';
import type { Stop } from '../session/visit.ts';
import { compactRepository } from './compact-memory.ts';
import type { MemoryFiles } from './memory-files.ts';
import { type Crew, touchRepository } from './one-repository.ts';
import { parkingLot } from './parking-lot.ts';
import type { RunOrder, RunWorld } from './run-world.ts';
import { type Left, survey } from './survey.ts';
import type { CiScheduler } from './watch-ci.ts';
import { whyNotAfterCi } from './why-not-after-ci.ts';
import { workerPool } from './worker-pool.ts';

export interface CycleResult {
  readonly ends: readonly SessionEnd[];
  /** Repositories that another process holds. */
  readonly busy: number;
  /** What blocks the repositories that it left out, and work that is done. */
  readonly waiting: readonly BlockedBy[];
}

export interface Sweep {
  readonly cycle: number;
  readonly repos: readonly Repo[];
  readonly scheduler: CiScheduler;
  readonly deadline: number;
  readonly memory: MemoryFiles;
  /** Repositories that this cycle made; each promise settles with the CI of its first push. */
  readonly afterCi?: ReadonlyMap<string, Promise<unknown>> | undefined;
  readonly visit?: Crew['visit'] | undefined;
  readonly compact?: Crew['compact'] | undefined;
}

/** One sweep: each repository that has a reason is visited once, and every landing is followed to its CI verdict. */
export async function runCycle(
  world: RunWorld,
  order: RunOrder,
  sweep: Sweep,
  stop: Stop,
): Promise<CycleResult> {
  const ledger = world.ledger.within({ run: order.run, cycle: sweep.cycle });
  const here = { ...world, ledger };
  await ledger.record({ type: 'cycle-started', repos: sweep.repos.length });
  const runBegan = (await ledger.run(order.run))?.startedAt;
  const { around, tokenRefused, ...surveyed } = await survey(here, order, { ...sweep, runBegan });
  const pool = workerPool(order.options.parallel_repos);
  const parking = parkingLot(here, await ledger.agents(), stop);
  const { visit = visitRepository, compact = compactRepository } = sweep;
  const crew: Crew = { ...sweep, visit, compact, around, parking, pool };

  const left: Left[] = [...surveyed.left];
  const ends: SessionEnd[] = [];
  const followed: Promise<unknown>[] = [];
  let busy = 0;
  const waiting = new Set<BlockedBy>();
  if (tokenRefused !== undefined) {
    waiting.add('access');
    await ledger.record({ type: 'warned', message: `the forge does not accept the token: ${tokenRefused}` });
  }
  const tellLeft = async (): Promise<void> => {
    const skipped = left.splice(0);
    for (const { blockedBy } of skipped) if (blockedBy !== undefined) waiting.add(blockedBy);
    if (skipped.length > 0) await ledger.record({ type: 'repos-skipped', skipped });
  };
  await tellLeft();
  const touch = async (repo: Repo): Promise<void> => {
    const touched = await touchSafely(here, order, { repo, crew }, stop);
    if (touched.end) ends.push(touched.end);
    if (touched.left) left.push(touched.left);
    if (touched.following) followed.push(touched.following);
    if (!touched.busy) return;
    busy += 1;
    // Told at once: when whoever holds it is done, it is old news.
    await tellLeft();
  };
  const turn = async (repo: Repo): Promise<void> => {
    const verdict = sweep.afterCi?.get(repo.name);
    const why = verdict && (await whyNotAfterCi(here, { repo, verdict }, stop));
    if (why === undefined) await pool.run(() => touch(repo));
    else left.push({ repo: repo.name, why });
  };
  const now = surveyed.worth.filter(({ name }) => !sweep.afterCi?.has(name));
  const later = surveyed.worth.filter(({ name }) => sweep.afterCi?.has(name));
  await Promise.all([Promise.all(now.map(turn)).then(tellLeft), ...later.map(turn)]);
  await tellLeft();
  await Promise.all(followed);
  await ledger.record({ type: 'cycle-ended' });
  return { ends, busy, waiting: [...waiting] };
}

/** One catch per repository keeps a bug in one of them away from the others. */
async function touchSafely(
  world: RunWorld,
  order: RunOrder,
  what: { repo: Repo; crew: Crew },
  stop: Stop,
): ReturnType<typeof touchRepository> {
  try {
    return await touchRepository(world, order, what, stop);
  } catch (bug) {
    const { repo } = what;
    const message = bug instanceof Error ? bug.message : String(bug);
    await world.ledger
      .within({ repo: repo.name })
      .record({ type: 'warned', message: `${repo.name}: ${world.redact(message)}` });
    await endOpenSession(world, repo, message);
    return { end: { state: 'failed', why: message } };
  }
}

/** What was accepted stays open: the next run lands it. Of the rest, the commits are kept where they can be found. */
async function endOpenSession(world: RunWorld, repo: Repo, why: string): Promise<void> {
  const [last] = await world.ledger.sessions({ repo: repo.name, limit: 1 });
  const open = last && ['queued', 'setup', 'active', 'completed_unreviewed'].includes(last.state);
  if (!open) return;
  const ledger = world.ledger.within({ repo: repo.name, session: last.id });
  const verified = last.commits.at(-1);
  if (verified) {
    const ref = `refs/clone/sessions/${last.id}`;
    await ledger.record({ type: 'salvaged', ref, sha: verified.sha, why: world.redact(why) });
  }
  await ledger.record({ type: 'session-moved', to: 'failed', why: world.redact(why), facts: {} });
}
