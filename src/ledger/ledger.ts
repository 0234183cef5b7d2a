import type { Fact, FactContext, LedgerEvent } from '../domain/fact.ts';
import type { OperatorTaskState } from '../domain/operator-task.ts';
import type { EventLog, EventQuery } from '../ports/event-log.ts';
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

/** Told of every event that this process records, in order, after it is durable. */
export type Listener = (event: LedgerEvent) => void;

/**
 * The durable record: facts are added, never edited; views are folded from them in the same transaction. All
 * surfaces read it, and nothing else is the truth.
 */
export interface Ledger extends AsyncDisposable {
  record(...facts: readonly Fact[]): Promise<readonly LedgerEvent[]>;
  /** The same ledger; facts recorded through it get this context where they name none. */
  within(context: FactContext): Ledger;
  listen(listener: Listener): () => void;
  events(query: EventQuery): Promise<readonly LedgerEvent[]>;
  run(id: string): Promise<RunView | undefined>;
  /** Newest first. */
  runs(limit: number): Promise<readonly RunView[]>;
  session(id: string): Promise<SessionView | undefined>;
  /** Newest first. */
  sessions(query: {
    run?: string;
    repo?: string;
    states?: readonly string[];
    limit?: number;
  }): Promise<readonly SessionView[]>;
  repo(name: string): Promise<RepoView | undefined>;
  repos(): Promise<readonly RepoView[]>;
  watches(query: {
    run?: string;
    repo?: string;
    open?: boolean;
    limit?: number;
  }): Promise<readonly WatchView[]>;
  agents(): Promise<readonly AgentView[]>;
  operatorTask(id: string): Promise<OperatorTaskView | undefined>;
  /** The most urgent first, then the oldest. */
  operatorTasks(query: {
    repo?: string;
    states?: readonly OperatorTaskState[];
  }): Promise<readonly OperatorTaskView[]>;
  idea(id: string): Promise<IdeaView | undefined>;
  ideas(query: { states?: readonly string[] }): Promise<readonly IdeaView[]>;
  /** Issues that were judged. */
  issues(query: { repo?: string; states?: readonly IssueView['state'][] }): Promise<readonly IssueView[]>;
  forgeRepositories(): Promise<readonly ForgeRepositoryView[]>;
  issueReaders(): Promise<IssueReadersView | undefined>;
  lease(key: string): Promise<LeaseView | undefined>;
  /** What is to be remembered of a repository and has not landed yet. */
  memory(repo: string): Promise<MemoryView | undefined>;
  /** Commits that we landed whose id begins so; nothing for fewer than seven characters. */
  commits(prefix: string): Promise<readonly CommitView[]>;
  readonly log: EventLog;
}
