import type { Repo } from '../domain/repo.ts';
import { type Instant, minutes } from '../domain/time.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type {
  AgentView,
  IdeaView,
  IssueReadersView,
  IssueView,
  OperatorTaskView,
  RepoView,
  RunView,
  SessionView,
  WatchView,
} from '../ledger/views.ts';
import type { Processes } from '../ports/processes.ts';
import { lastRun } from './last-run.ts';

/** What the status is asked about. */
export interface StatusQuestion {
  readonly home: string;
  readonly portfolio: readonly Repo[];
  readonly now: Instant;
  /** When a person looked last; undefined: never, so the last day counts. */
  readonly lastLook: Instant | undefined;
  readonly alive: Processes['alive'];
  /** Pause between two cycles. */
  readonly sleepSeconds?: number | undefined;
  /** What is wrong with the files of the home, in words. */
  readonly problems?: readonly string[] | undefined;
}

/** Everything that the parts of the status are made of, read once. */
export interface Situation {
  readonly question: StatusQuestion;
  readonly now: Instant;
  /** The run that goes on, else the last one that was not turned away. */
  readonly run: RunView | undefined;
  readonly runState: 'running' | 'died' | 'ended' | 'none';
  /** Sessions that are neither at an end nor waiting for CI only, newest first. */
  readonly open: readonly SessionView[];
  readonly blocked: readonly SessionView[];
  /** Sessions with an open fix pass. */
  readonly fixing: readonly SessionView[];
  readonly watches: readonly WatchView[];
  /** Those of earlier runs that ended red, and whose commit nothing came after. */
  readonly stillRed: readonly WatchView[];
  readonly agents: readonly AgentView[];
  /** What people asked for that nobody works on, and what of it is blocked. */
  readonly asked: readonly OperatorTaskView[];
  /** Ideas that wait for a person. */
  readonly ideas: readonly IdeaView[];
  /** Issues that were judged, and whose are read. */
  readonly issues: readonly IssueView[];
  readonly issueReaders: IssueReadersView | undefined;
  readonly repos: ReadonlyMap<string, RepoView>;
}

/** A run ticks every half minute: after this long without one, nobody was awake. */
export const asleepAfter = minutes(5);

const openStates = ['queued', 'setup', 'active', 'completed_unreviewed', 'accepted', 'merged'];

export async function readSituation(ledger: Ledger, question: StatusQuestion): Promise<Situation> {
  const runs = await ledger.runs(5);
  const living = runs.find((run) => run.state === 'running' && lives(run, question));
  const run = living ?? (await lastRun(ledger));
  const watches = mergeWatches(
    await ledger.watches({ open: true, limit: 500 }),
    run === undefined ? [] : await ledger.watches({ run: run.id, limit: 100 }),
  );
  const fixed = watches
    .filter((watch) => watch.state === 'fixing')
    .map((watch) => ledger.session(watch.session));
  const fixing = (await Promise.all(fixed)).filter((session) => session !== undefined);
  const repos = await ledger.repos();
  return {
    question,
    now: question.now,
    run,
    runState: run === undefined ? 'none' : stateOf(run, question),
    open: await ledger.sessions({ states: openStates, limit: 500 }),
    blocked: await ledger.sessions({ states: ['blocked'], limit: 500 }),
    fixing,
    watches,
    stillRed: await stillRed(ledger, repos, watches),
    agents: await ledger.agents(),
    asked: await ledger.operatorTasks({ states: ['queued', 'blocked'] }),
    ideas: await ledger.ideas({ states: ['BLOCKED'] }),
    issues: await ledger.issues({ states: ['accepted', 'refused'] }),
    issueReaders: await ledger.issueReaders(),
    repos: new Map(repos.map((repo) => [repo.name, repo])),
  };
}

async function stillRed(
  ledger: Ledger,
  repos: readonly RepoView[],
  known: readonly WatchView[],
): Promise<readonly WatchView[]> {
  const found: WatchView[] = [];
  for (const { name, ci, ciSha } of repos) {
    const isIt = ({ repo, sha }: WatchView): boolean => repo === name && sha === ciSha;
    if (ci !== 'red' || known.some(isIt)) continue;
    found.push(...(await ledger.watches({ repo: name, limit: 20 })).filter(isIt));
  }
  return found;
}

function lives(run: RunView, { alive }: StatusQuestion): boolean {
  return alive({ pid: run.pid, start: run.processStart });
}

function stateOf(run: RunView, question: StatusQuestion): 'running' | 'died' | 'ended' {
  if (run.state === 'ended') return 'ended';
  return lives(run, question) ? 'running' : 'died';
}

function mergeWatches(...lists: readonly (readonly WatchView[])[]): readonly WatchView[] {
  const byKey = new Map(lists.flat().map((watch) => [`${watch.repo}@${watch.sha}`, watch]));
  return [...byKey.values()].toSorted((a, b) => b.startedAt - a.startedAt);
}
