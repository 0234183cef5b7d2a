import type { Options } from '../config/options.ts';
import type { BlockedBy } from '../domain/failure.ts';
import type { Repo } from '../domain/repo.ts';
import type { SessionEnd } from '../domain/session-state.ts';
import type { RepoView } from '../ledger/views.ts';
import { chooseReviewer } from '../rules/review/choose-reviewer.ts';
import type { visitRepository } from '../session/session.ts';
import { isDraining, type Stop } from '../session/visit.ts';
import { followAgain } from './follow-again.ts';
import { followLanding } from './follow-landing.ts';
import { lookAtOne } from './look-at-repos.ts';
import { type Due, openVisit } from './open-visit.ts';
import type { ParkingLot } from './parking-lot.ts';
import { readRedBranch } from './read-red-branch.ts';
import { refuseRepository } from './refuse-repository.ts';
import type { RunOrder, RunWorld } from './run-world.ts';
import { gatherSignals } from './signals.ts';
import type { WithIssues } from './surroundings.ts';
import { type Left, leftFor } from './survey.ts';
import { type Compact, tidyRepository } from './tidy-repository.ts';
import type { CiScheduler } from './watch-ci.ts';
import type { WorkerPool } from './worker-pool.ts';

/** What every repository of a cycle is handed. */
export interface Crew {
  readonly around: WithIssues;
  readonly parking: ParkingLot;
  readonly scheduler: CiScheduler;
  readonly pool: WorkerPool;
  readonly cycle: number;
  readonly deadline: number;
  /** One visit, lock to unlock. */
  readonly visit: typeof visitRepository;
  readonly compact: Compact;
}

/** What became of one repository in a cycle. */
export interface Touched {
  readonly end?: SessionEnd | undefined;
  readonly left?: Left | undefined;
  /** Another process holds it. */
  readonly busy?: boolean | undefined;
  /** Settles with the CI verdict of what was pushed. */
  readonly following?: Promise<unknown> | undefined;
}

/** The turn of one repository: looked at afresh, and visited if there is a reason and nothing stands against it. */
export async function touchRepository(
  world: RunWorld,
  order: RunOrder,
  { repo, crew }: { repo: Repo; crew: Crew },
  stop: Stop,
): Promise<Touched> {
  const leave = (why: string, blockedBy?: BlockedBy): Touched => ({
    left: { repo: repo.name, why, blockedBy },
  });
  const reason = whyNotNow(world, crew.deadline, stop);
  if (reason !== undefined) return leave(reason);
  const next = await whatNextNow(world, order, { repo, around: crew.around }, stop);
  if ('left' in next || 'end' in next) return next;
  const { due, view } = next;
  if (due.found.judgement.verdict.is === 'tidy' && view) {
    const tidied = { repo, view, found: due.found, compact: crew.compact };
    const { left, watched } = await tidyRepository(world, order, tidied, stop);
    const tools = { ...crew, repos: [repo] };
    const [following] = watched ? await followAgain(world, order, tools, stop, [watched]) : [];
    return { left, following };
  }
  for (const agent of agentsOf(due.options))
    if (!(await crew.parking.mayStart(agent, crew.deadline)))
      return leave(`the agent ${agent} is parked: ${crew.parking.why(agent)}`, crew.parking.blockedBy(agent));
  return await visitDue(world, order, { due, crew }, stop);
}

/** Nothing is begun that nobody could review at its end. */
function agentsOf(options: Options): ReadonlySet<string> {
  const reviewer = chooseReviewer(options);
  return new Set([options.agent, ...(reviewer.ok && reviewer.value !== undefined ? [reviewer.value] : [])]);
}

async function visitDue(
  world: RunWorld,
  order: RunOrder,
  { due, crew }: { due: Due; crew: Crew },
  stop: Stop,
): Promise<Touched> {
  const visit = await openVisit(world, order, crew.cycle, due);
  const visited = await crew.visit(world, visit, stop);
  const { end, failure } = visited;
  const held = failure?.kind === 'held-for-review' ? failure.stopped : undefined;
  if (failure) await crew.parking.hear(held?.agent ?? due.options.agent, held?.failure ?? failure);
  const busy = failure?.kind === 'repo-busy';
  const left = busy ? { repo: due.repo.name, why: end.why } : undefined;
  const following = await followLanding(world, crew, { visit, visited }, stop);
  return { end, busy, left, following: following?.done };
}

function whyNotNow(world: RunWorld, deadline: number, stop: Stop): string | undefined {
  if (isDraining(stop)) return 'the run is stopping';
  if (world.clock.now() >= deadline) return 'the hours of the run are used up';
  return undefined;
}

/** What is red is read just before the visit. Where it is red no longer, the reasons are looked at once more. */
async function whatNextNow(
  world: RunWorld,
  order: RunOrder,
  { repo, around }: { repo: Repo; around: WithIssues },
  stop: Stop,
): ReturnType<typeof whatNext> {
  const next = await whatNext(world, order, around, repo);
  if (!('due' in next) || next.view === undefined || next.due.onlyAsked) return next;
  const { due, view } = next;
  if (!due.found.judgement.signals.some(({ kind }) => kind === 'ci-red')) return next;
  const redCi = await readRedBranch(world, around, { view, identity: due.identity }, stop.now);
  return redCi === 'over' ? whatNext(world, order, around, repo) : { view, due: { ...due, redCi } };
}

/** Asked for afresh: a person may have added a task since the cycle began, or another run been there. */
async function whatNext(
  world: RunWorld,
  order: RunOrder,
  around: WithIssues,
  repo: Repo,
): Promise<{ due: Due; view: RepoView | undefined } | { end: SessionEnd } | { left: Left }> {
  const view = await world.ledger.repo(repo.name);
  const identified = await world.mirrors.identify(repo);
  if (!identified.ok) {
    const { message } = identified.failure;
    const end = await refuseRepository(world, { repo, options: order.options, view }, message);
    return end ? { end } : { left: { repo: repo.name, why: message } };
  }
  const state = await lookAtOne(world, repo, view);
  const issues = around.issues.get(repo.name);
  const asked = await world.ledger.operatorTasks({ repo: repo.name, states: ['queued'] });
  const options = await order.optionsFor(repo);
  const about = { repo, view, asked, issues, options, optionsOf: () => Promise.resolve(options) };
  const found = await gatherSignals(world, around, { ...about, state: state ?? nothing }, { mayAsk: true });
  const { verdict } = found.judgement;
  if (verdict.is === 'leave') return { left: leftFor(repo, verdict) };
  if (verdict.is === 'ask') throw new Error(`the remote of ${repo.name} was asked, and still has to be`);
  for (const message of await order.warningsFor(repo))
    await world.ledger.record({ type: 'warned', message, repo: repo.name });
  const landedSinceCleanup = view?.landedSinceCleanup ?? 0;
  const onlyAsked = verdict.is === 'visit' && verdict.onlyAsked;
  return {
    view,
    due: {
      repo,
      identity: identified.value,
      options,
      issues: issues ?? [],
      found,
      onlyAsked,
      landedSinceCleanup,
    },
  };
}

/** What git knows and its files do not show us: everything is found out by the visit. */
const nothing = {
  gitDir: '',
  branch: undefined,
  tip: undefined,
  tracked: undefined,
  remoteUrl: undefined,
  lastActive: undefined,
  marks: {},
};
