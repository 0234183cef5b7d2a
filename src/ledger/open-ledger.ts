import { ciVerdicts } from '../domain/ci.ts';
import type { Fact, FactContext, LedgerEvent } from '../domain/fact.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventLog, ViewQuery } from '../ports/event-log.ts';
import { folding } from './folding.ts';
import { shortestId } from './folds/commit.ts';
import type { Ledger, Listener } from './ledger.ts';
import type {
  AgentView,
  CommitView,
  ForgeRepositoryView,
  IdeaView,
  IssueReadersView,
  IssueView,
  LeaseView,
  MemoryView,
  OperatorTaskView,
  RepoView,
  RunView,
  SessionView,
  WatchView,
} from './views.ts';

/** The ledger kept in `log`. Closing it (or any ledger `within` it) closes the log. */
export function openLedger(log: EventLog, clock: Pick<Clock, 'now'>): Ledger {
  return ledgerWithin({}, { log, clock, listeners: new Set() });
}

interface Shared {
  readonly log: EventLog;
  readonly clock: Pick<Clock, 'now'>;
  readonly listeners: Set<Listener>;
}

function ledgerWithin(context: FactContext, shared: Shared): Ledger {
  const { log, clock, listeners } = shared;
  const one = async <View>(kind: string, key: string): Promise<View | undefined> =>
    (await log.view(kind, key))?.doc as View | undefined;
  const many = async <View>(query: ViewQuery): Promise<readonly View[]> =>
    (await log.views(query)).map((row) => row.doc as View);

  return {
    log,
    async record(...facts) {
      const placed = facts.map((fact) => withContext(context, fact));
      const events = await log.append(placed, clock.now(), folding);
      tell(listeners, events);
      return events;
    },
    within: (inner) => ledgerWithin({ ...context, ...stated(inner) }, shared),
    listen(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    events: (query) => log.events(query),
    run: (id) => one<RunView>('run', id),
    async runs(limit) {
      const runs = await many<RunView>({ kind: 'run', limit, newestFirst: true });
      return runs.toSorted((a, b) => b.startedAt - a.startedAt);
    },
    session: (id) => one<SessionView>('session', id),
    async sessions(query) {
      const sessions = await many<SessionView>({ kind: 'session', newestFirst: true, ...query });
      return sessions.toSorted((a, b) => b.startedAt - a.startedAt);
    },
    repo: (name) => one<RepoView>('repo', name),
    repos: () => many<RepoView>({ kind: 'repo' }),
    async watches({ open, ...query }) {
      const states = open === undefined ? undefined : open ? openStates : ciVerdicts;
      const watches = await many<WatchView>({ kind: 'watch', newestFirst: true, states, ...query });
      return Promise.all(watches.map((watch) => withSignatures(watch, one)));
    },
    operatorTask: (id) => one<OperatorTaskView>('operator-task', id),
    async operatorTasks(query) {
      const tasks = await many<OperatorTaskView>({ kind: 'operator-task', ...query });
      return tasks.toSorted(
        (a, b) => Number(b.now) - Number(a.now) || a.priority - b.priority || a.addedAt - b.addedAt,
      );
    },
    agents: () => many<AgentView>({ kind: 'agent' }),
    idea: (id) => one<IdeaView>('idea', id),
    ideas: (query) => many<IdeaView>({ kind: 'idea', ...query }),
    issues: (query) => many<IssueView>({ kind: 'issue', ...query }),
    forgeRepositories: () => many<ForgeRepositoryView>({ kind: 'forge-repository' }),
    issueReaders: () => one<IssueReadersView>('issue-readers', 'readers'),
    lease: (key) => one<LeaseView>('lease', key),
    memory: (repo) => one<MemoryView>('memory', repo),
    async commits(prefix) {
      if (prefix.length < shortestId) return [];
      const begins = prefix.toLowerCase();
      const near = await many<CommitView>({ kind: 'commit', states: [begins.slice(0, shortestId)] });
      return near.filter((commit) => commit.sha.startsWith(begins));
    },
    [Symbol.asyncDispose]: () => log[Symbol.asyncDispose](),
  };
}

const openStates = ['pending', 'fixing'];

/** What the fact itself says wins over the context it is recorded in. */
function withContext(context: FactContext, fact: Fact): Fact {
  return { ...context, ...stated(fact) };
}

function stated<Thing extends object>(thing: Thing): Thing {
  return Object.fromEntries(Object.entries(thing).filter(([, value]) => value !== undefined)) as Thing;
}

function tell(listeners: ReadonlySet<Listener>, events: readonly LedgerEvent[]): void {
  for (const event of events) for (const listener of [...listeners]) listener(event);
}

/** A fix is watched under its own commit; the failures read before it count for it too. */
async function withSignatures(
  watch: WatchView,
  one: <View>(kind: string, key: string) => Promise<View | undefined>,
): Promise<WatchView> {
  if (watch.endedAt !== undefined) return watch;
  const signatures = await one<readonly string[]>('signatures', watch.session);
  return { ...watch, signatures: signatures ?? watch.signatures };
}
