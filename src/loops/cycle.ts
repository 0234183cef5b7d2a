import path from 'node:path';
import type { Options } from '../config/options.ts';
import type { SessionFailure } from '../domain/failure.ts';
import type { Identity, Repo } from '../domain/repo.ts';
import type { SessionEnd } from '../domain/session-state.ts';
import { seconds } from '../domain/time.ts';
import type { AgentView, OperatorTaskView, RepoView } from '../ledger/views.ts';
import { parksAgent } from '../rules/after-failure.ts';
import { type Visited, visitRepository } from '../session/session.ts';
import { isDraining, type Stop, type Visit } from '../session/visit.ts';
import { ranked } from './candidates.ts';
import { type Followed, followCi, landingOf, startWatch } from './follow-ci.ts';
import { outOfWindow } from './out-of-window.ts';
import type { RunOrder, RunWorld } from './run-world.ts';
import { gatherSignals, whatPeopleAsked } from './signals.ts';
import { twinsOf, twinWords } from './twins.ts';
import type { CiScheduler } from './watch-ci.ts';
import { type WorkerPool, workerPool } from './worker-pool.ts';

export interface CycleResult {
  readonly ends: readonly SessionEnd[];
  /** Repositories that another process holds. */
  readonly busy: number;
}

interface Due {
  readonly repo: Repo;
  readonly identity: Identity;
  readonly options: Options;
  readonly signals: readonly string[];
  readonly onlyAsked: boolean;
  readonly landedSinceCleanup: number;
}

type Skipped = { readonly repo: string; readonly why: string };

/** One sweep: each repository that has a reason is visited once, and every landing is followed to its CI verdict. */
export async function runCycle(
  world: RunWorld,
  order: RunOrder,
  sweep: { cycle: number; repos: readonly Repo[]; scheduler: CiScheduler; deadline: number },
  stop: Stop,
): Promise<CycleResult> {
  const ledger = world.ledger.within({ run: order.run, cycle: sweep.cycle });
  const here = { ...world, ledger };
  await ledger.record({ type: 'cycle-started', repos: sweep.repos.length });
  const pool = workerPool(order.options.parallel_repos);
  const parking = parkingLot(here, await ledger.agents(), stop);
  const skipped: Skipped[] = [];
  const ends: SessionEnd[] = [];
  const followed: Promise<unknown>[] = [];
  let busy = 0;

  const views = new Map((await world.ledger.repos()).map((view) => [view.name, view]));
  const twins = await twinsOf(here, sweep.repos);
  const touch = async (repo: Repo): Promise<void> => {
    const reason = whyNotNow(world, sweep.deadline, stop);
    if (reason !== undefined) {
      skipped.push({ repo: repo.name, why: reason });
      return;
    }
    const twin = twins.get(repo.name);
    if (twin !== undefined) {
      skipped.push({ repo: repo.name, why: twinWords(twin) });
      return;
    }
    // Asked for afresh: a person may have added a task since the cycle began, or another run been there.
    const asked = await ledger.operatorTasks({ repo: repo.name, states: ['queued'] });
    const view = await ledger.repo(repo.name);
    const due = await whatIsDue(here, order, repo, { view, asked });
    if ('end' in due) {
      ends.push(due.end);
      return;
    }
    if ('why' in due) {
      skipped.push(due);
      return;
    }
    if (!(await parking.mayStart(due.options.agent, sweep.deadline))) {
      skipped.push({
        repo: repo.name,
        why: `the agent ${due.options.agent} is parked: ${parking.why(due.options.agent)}`,
      });
      return;
    }
    const visit = await openVisit(here, order, sweep.cycle, due);
    const visited = await visitRepository(here, visit, stop);
    ends.push(visited.end);
    if (visited.failure?.kind === 'repo-busy') {
      busy += 1;
      skipped.push({ repo: repo.name, why: visited.end.why });
    }
    if (visited.failure) await parking.hear(due.options.agent, visited.failure);
    const following = await beginFollowing(here, { scheduler: sweep.scheduler, pool }, visit, visited, stop);
    if (following) followed.push(following.done);
  };

  await Promise.all(
    ranked(sweep.repos, views, await whatPeopleAsked(ledger)).map((repo) =>
      pool.run(() => oneRepository(here, repo, touch, ends)),
    ),
  );
  if (skipped.length > 0) await ledger.record({ type: 'repos-skipped', skipped });
  await Promise.all(followed);
  await ledger.record({ type: 'cycle-ended' });
  return { ends, busy };
}

/** One catch per repository keeps a bug in one of them away from the others. */
async function oneRepository(
  world: RunWorld,
  repo: Repo,
  touch: (repo: Repo) => Promise<void>,
  ends: SessionEnd[],
): Promise<void> {
  try {
    await touch(repo);
  } catch (bug) {
    const message = bug instanceof Error ? bug.message : String(bug);
    ends.push({ state: 'failed', why: message });
    await world.ledger
      .within({ repo: repo.name })
      .record({ type: 'warned', message: `${repo.name}: ${world.redact(message)}` });
    await endOpenSession(world, repo, message);
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

function whyNotNow(world: RunWorld, deadline: number, stop: Stop): string | undefined {
  if (isDraining(stop)) return 'the run is stopping';
  if (world.clock.now() >= deadline) return 'the hours of the run are used up';
  return undefined;
}

async function whatIsDue(
  world: RunWorld,
  order: RunOrder,
  repo: Repo,
  { view, asked }: { view: RepoView | undefined; asked: readonly OperatorTaskView[] },
): Promise<Due | Skipped | { end: SessionEnd }> {
  const identified = await world.mirrors.identify(repo);
  if (!identified.ok) return { end: await refuseRepository(world, order, repo, identified.failure.message) };
  const identity = identified.value;
  const days = order.options.activity_window_days;
  const leftAlone = order.only.length === 0 ? await outOfWindow(world, repo, days) : undefined;
  if (leftAlone !== undefined) return { repo: repo.name, why: leftAlone };
  const options = await order.optionsFor(repo);
  for (const message of await order.warningsFor(repo))
    await world.ledger.record({ type: 'warned', message, repo: repo.name });
  const run = await world.ledger.run(order.run);
  const found = await gatherSignals(world, {
    repo,
    identity,
    options,
    view,
    asked,
    runBegan: run?.startedAt,
  });
  if (found.signals.length === 0) return { repo: repo.name, why: found.whyNot };
  return { repo, identity, options, ...found, landedSinceCleanup: view?.landedSinceCleanup ?? 0 };
}

/** A repository that cannot be used is a session too, so that it is seen and explained like any other. */
async function refuseRepository(
  world: RunWorld,
  order: RunOrder,
  repo: Repo,
  message: string,
): Promise<SessionEnd> {
  const options = order.options;
  const session = sessionId(world, repo);
  const ledger = world.ledger.within({ repo: repo.name, session });
  const end: SessionEnd = { state: 'blocked', blockedBy: 'environment', why: message };
  await ledger.record(
    {
      type: 'session-queued',
      agent: options.agent,
      land: options.land,
      why: 'its turn in the cycle',
      path: repo.path,
      logs: '',
    },
    { type: 'session-moved', to: 'blocked', why: message, blockedBy: 'environment', facts: {} },
  );
  return end;
}

async function openVisit(world: RunWorld, order: RunOrder, cycle: number, due: Due): Promise<Visit> {
  const folder = await world.files.sessionFolder(due.repo.name, cycle);
  return {
    session: sessionId(world, due.repo),
    ...due,
    run: order.run,
    cycle,
    folder,
    logs: world.files.relative(folder),
  };
}

function sessionId(world: RunWorld, repo: Repo): string {
  const name = path
    .basename(repo.name)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return `${name || 'repo'}-${world.randomId(8)}`;
}

/** Starts following the CI of what a visit pushed. The promise inside settles with the verdict; the visit does not wait. */
async function beginFollowing(
  world: RunWorld,
  tools: { scheduler: CiScheduler; pool: WorkerPool },
  visit: Visit,
  visited: Visited,
  stop: Stop,
): Promise<{ done: Promise<unknown> } | undefined> {
  const slug = visit.identity.remoteUrl ? world.forge?.slugOf(visit.identity.remoteUrl) : undefined;
  if (!visited.landed || visited.landed.mode !== 'push' || !slug) return undefined;
  const ledger = world.ledger.within({ repo: visit.repo.name, session: visit.session });
  const view = await ledger.session(visit.session);
  const following: Followed = {
    visit,
    slug,
    thread: view?.thread,
    landings: [landingOf(visited.landed)],
    signatures: [],
  };
  await startWatch({ ...world, ledger }, following, visited.landed, 0);
  const done = followCi({ ...world, ledger }, tools, following, stop).catch(async (bug: unknown) => {
    const message = bug instanceof Error ? bug.message : String(bug);
    await ledger.record({
      type: 'warned',
      message: `${visit.repo.name}: CI could not be followed: ${world.redact(message)}`,
    });
  });
  return { done };
}

/**
 * A limit or a failed login belongs to the account: nothing of that agent starts until it may. A limit with a
 * known end is waited for, as long as the run has time, also by a later cycle or run.
 */
function parkingLot(world: RunWorld, known: readonly AgentView[], stop: Stop) {
  const now = world.clock.now();
  const still = known.filter(({ until }) => until !== undefined && until > now);
  const parked = new Map<string, { until: number | undefined; why: string }>(
    still.map(({ agent, until, why }) => [agent, { until, why }]),
  );
  return {
    why: (agent: string): string => parked.get(agent)?.why ?? '',
    async hear(agent: string, failure: SessionFailure): Promise<void> {
      if (!parksAgent(failure)) return;
      const until = failure.kind === 'agent-limited' ? failure.until : undefined;
      parked.set(agent, { until, why: failure.message });
      await world.ledger.record({ type: 'agent-parked', agent, until, why: failure.message });
    },
    async mayStart(agent: string, deadline: number): Promise<boolean> {
      for (;;) {
        const parking = parked.get(agent);
        if (!parking) return true;
        if (parking.until === undefined || parking.until >= deadline || isDraining(stop)) return false;
        const wait = parking.until - world.clock.now();
        if (wait <= 0) {
          parked.delete(agent);
          return true;
        }
        await world.clock.sleep(Math.min(wait, seconds(30)), stop.drain);
      }
    },
  };
}
