import type { Annotation, Conclusion, PlannedRun, PushEvent, StepUpdate } from '../actions/types.ts';

/** What the stand-in remembers. Git objects live on disk, all the rest lives here. */
export interface User {
  id: number;
  login: string;
  type: 'User' | 'Bot' | 'Organization';
  createdAt: Date;
}

/** Proves who calls. `scopes` is null for a fine-grained token, which has permissions and no scopes. */
export interface Token {
  text: string;
  user: User;
  scopes: readonly string[] | null;
}

export const permissions = ['none', 'read', 'triage', 'write', 'maintain', 'admin'] as const;
export type Permission = (typeof permissions)[number];

export interface Repo {
  id: number;
  owner: User;
  name: string;
  private: boolean;
  description: string | null;
  homepage: string | null;
  archived: boolean;
  hasIssues: boolean;
  defaultBranch: string;
  gitDir: string;
  createdAt: Date;
  updatedAt: Date;
  pushedAt: Date;
  collaborators: Map<User, Permission>;
  protectedBranches: Set<string>;
  /** Issues and pull requests share their numbers. */
  issues: Map<number, Issue>;
  /** Numbers that are gone, with where the issue went, or null when it was deleted. */
  goneIssues: Map<number, Issue | null>;
  lastNumber: number;
  labels: Map<string, Label>;
  actionsEnabled: boolean;
  workflows: Map<string, Workflow>;
  runs: Run[];
  checks: ExternalCheck[];
  statuses: CommitStatus[];
  /** Names it had before, lower case, as owner/name. */
  formerNames: Set<string>;
}

export interface Label {
  id: number;
  name: string;
  color: string;
  description: string | null;
}

export interface App {
  id: number;
  slug: string;
  name: string;
}

interface Edit {
  editor: User | null;
  editedAt: Date;
  /** The text before this edit. */
  before: string;
}

/** A text somebody wrote, with who changed it since. */
export interface Written {
  id: number;
  author: User | null;
  body: string;
  createdAt: Date;
  updatedAt: Date;
  edits: Edit[];
  viaApp: App | null;
  viaEmail: boolean;
}

export interface Comment extends Written {
  issue: Issue;
}

type IssueEventKind =
  | 'renamed'
  | 'transferred'
  | 'labeled'
  | 'unlabeled'
  | 'closed'
  | 'reopened'
  | 'assigned'
  | 'merged';

export interface IssueEvent {
  id: number;
  kind: IssueEventKind;
  actor: User | null;
  at: Date;
  previousTitle?: string;
  currentTitle?: string;
  fromRepo?: Repo;
  label?: Label;
  commit?: string;
}

export interface Issue extends Written {
  repo: Repo;
  number: number;
  title: string;
  state: 'open' | 'closed';
  stateReason: 'completed' | 'not_planned' | 'reopened' | null;
  closedAt: Date | null;
  closedBy: User | null;
  locked: boolean;
  labels: Label[];
  assignees: User[];
  comments: Comment[];
  events: IssueEvent[];
  pull: Pull | null;
}

interface Pull {
  head: string;
  headSha: string;
  base: string;
  baseSha: string;
  draft: boolean;
  mergedAt: Date | null;
  mergedBy: User | null;
  mergeSha: string | null;
}

export interface Workflow {
  id: number;
  path: string;
  name: string;
  state: 'active' | 'disabled_manually' | 'disabled_inactivity' | 'deleted';
  createdAt: Date;
  runCount: number;
}

type RunStatus = 'queued' | 'in_progress' | 'completed' | 'pending';

export interface Run {
  id: number;
  number: number;
  suiteId: number;
  repo: Repo;
  workflow: Workflow;
  plan: PlannedRun;
  push: PushEvent;
  actor: User;
  pullNumber: number | null;
  createdAt: Date;
  /** Before this moment the run exists, and no answer shows it. */
  visibleAt: number;
  attempts: Attempt[];
}

export interface Attempt {
  number: number;
  status: RunStatus;
  conclusion: Conclusion | null;
  startedAt: Date;
  updatedAt: Date;
  startedBy: User;
  jobs: Job[];
  stop: AbortController;
  /** The jobs that really run in this attempt; null when all do. */
  only: ReadonlySet<string> | null;
  logsExpired: boolean;
}

export interface Job {
  id: number;
  key: string;
  name: string;
  needs: readonly string[];
  labels: readonly string[];
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: Conclusion | null;
  steps: StepUpdate[];
  createdAt: Date;
  startedAt: Date;
  completedAt: Date | null;
  runnerName: string | null;
  /** Null when there never was a log. */
  log: string[] | null;
  annotations: Annotation[];
}

/** A check that something outside Actions reports. */
export interface ExternalCheck {
  id: number;
  suiteId: number;
  app: App;
  name: string;
  headSha: string;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: Conclusion | null;
  startedAt: Date;
  completedAt: Date | null;
  detailsUrl: string | null;
  title: string | null;
  summary: string | null;
  annotations: Annotation[];
}

export interface CommitStatus {
  id: number;
  sha: string;
  state: 'error' | 'failure' | 'pending' | 'success';
  context: string;
  description: string | null;
  targetUrl: string | null;
  creator: User;
  createdAt: Date;
}
