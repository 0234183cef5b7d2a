import { isoUtc } from '../domain/time.ts';
import type { AgentView } from '../ledger/views.ts';
import { isoOrNull } from './instants.ts';
import type { StatusReport, WaitingPart, WorkerPart } from './report.ts';
import type { Situation } from './situation.ts';

/** What waits, and for what. What waits for a person is told in `needs_you` instead. */
export function waitingParts(situation: Situation): readonly WaitingPart[] {
  return [
    ...openWatches(situation),
    ...leftOver(situation),
    ...blockedForNow(situation),
    ...peoplesTasks(situation),
    ...notReachedYet(situation).names.map((repo) => ({
      repo,
      for: 'a free worker',
      since: isoOrNull(situation.run?.cycleStartedAt),
    })),
  ];
}

/** How many slots are free, and why nothing is dispatched to them. */
export function freeSlots(situation: Situation, workers: readonly WorkerPart[]): StatusReport['free_slots'] {
  const { run, runState } = situation;
  if (run === undefined || runState !== 'running') return { count: 0, why: 'no run is going on' };
  const count = Math.max(0, run.parallel - workers.length);
  if (count === 0) return { count, why: 'every worker is busy' };
  const [parked] = parkedAgents(situation);
  if (parked !== undefined) return { count, why: parkedWords(parked) };
  if (run.cycleStartedAt === undefined) return { count, why: 'the first cycle is about to begin' };
  if (run.cycleEndedAt !== undefined) return { count, why: 'the cycle is over; the next one has not begun' };
  if (notReachedYet(situation).count > 0) return { count, why: 'the next repository is being looked at' };
  const watched = situation.watches.some((watch) => watch.endedAt === undefined);
  const rest = watched ? '; the cycle waits for CI' : '';
  return { count, why: `every repository of the cycle was dispatched or left out${rest}` };
}

/** Agents whose account may not start anything now. */
export function parkedAgents({ agents, now }: Pick<Situation, 'agents' | 'now'>): readonly AgentView[] {
  return agents.filter(({ until, startedAgain }) =>
    until === undefined ? startedAgain === undefined : until > now,
  );
}

function parkedWords({ agent, until, why }: AgentView): string {
  return `${agent} is parked ${until === undefined ? 'until somebody helps' : `until ${isoUtc(until)}`}: ${why}`;
}

function openWatches({ watches }: Situation): readonly WaitingPart[] {
  return watches
    .filter((watch) => watch.endedAt === undefined)
    .map((watch) => ({
      repo: watch.repo,
      for:
        watch.state === 'fixing'
          ? `the fix of ${watch.sha.slice(0, 7)}`
          : `the CI verdict on ${watch.sha.slice(0, 7)}`,
      since: isoUtc(watch.startedAt),
    }));
}

/** Sessions that nobody works on: their run is gone. */
function leftOver({ open, run, runState }: Situation): readonly WaitingPart[] {
  return open
    .filter((session) => runState !== 'running' || session.run !== run?.id)
    .map((session) => ({
      repo: session.repo,
      for: 'the next `clone run`, which takes it up again',
      since: isoUtc(session.startedAt),
    }));
}

function blockedForNow({ blocked, repos }: Situation): readonly WaitingPart[] {
  return blocked
    .filter((session) => session.blockedBy === 'limit' || session.blockedBy === 'budget')
    .filter((session) => repos.get(session.repo)?.lastSession === session.id)
    .map((session) => ({
      repo: session.repo,
      for: session.blockedBy === 'limit' ? 'the limit of the agent’s account' : 'a new budget',
      since: isoOrNull(session.endedAt),
    }));
}

function peoplesTasks({ asked }: Situation): readonly WaitingPart[] {
  return asked
    .filter((task) => task.state === 'queued')
    .map((task) => ({
      repo: task.repo,
      for: `the next visit, with the task "${task.title}"`,
      since: isoUtc(task.addedAt),
    }));
}

/** Repositories of the cycle that nobody has touched. Names are told only when it is certain which they are. */
function notReachedYet({ run, runState, repos, question, open, watches }: Situation): {
  count: number;
  names: readonly string[];
} {
  if (run?.cycleStartedAt === undefined || run.cycleEndedAt !== undefined || runState !== 'running') {
    return { count: 0, names: [] };
  }
  const began = run.cycleStartedAt;
  const visited = open.filter((session) => session.run === run.id).length;
  const all = question.portfolio.filter(({ name, ignored }) => {
    const view = repos.get(name);
    return !ignored && (view?.lastVisit ?? 0) < began && (view?.skippedAt ?? 0) < began;
  });
  // What was made in this cycle has its turn when its CI is known; until then it waits for nothing else.
  const watched = new Set(watches.filter(({ endedAt }) => endedAt === undefined).map(({ repo }) => repo));
  const untouched = all.filter(({ name }) => !watched.has(name));
  const waiting = all.length - untouched.length;
  const count = Math.max(0, run.cycleRepos - run.cycleDone - visited - waiting);
  return { count, names: untouched.length <= count ? untouched.map(({ name }) => name) : [] };
}
