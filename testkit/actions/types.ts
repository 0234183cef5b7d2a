import type { JobDefinition, Mapping, Value, Workflow } from './workflow.ts';

/** What the server tells about one push (or another event) that may start workflow runs. */
export interface PushEvent {
  /** The bare repository folder. */
  gitDir: string;
  /** The full ref, such as refs/heads/main. */
  ref: string;
  /** For a pull request, the sha of its base; zeros when there is none. */
  before: string;
  after: string;
  /** owner/name */
  repository: string;
  actor: string;
  event: 'push' | 'pull_request' | 'workflow_dispatch';
  /** The branch a pull request wants to go to, with or without refs/heads/. */
  baseRef?: string | undefined;
  /** What a workflow_dispatch was given; the rest gets its defaults. */
  inputs?: Record<string, string> | undefined;
}

/** One run that the event starts. */
export interface PlannedRun {
  workflowPath: string;
  /** As written in the file; the path when it names nothing or is broken. */
  workflowName: string;
  event: string;
  headBranch: string;
  headSha: string;
  concurrency?: { group: string; cancelInProgress: boolean } | undefined;
  /** Set for a broken workflow file: a startup failure with this message and without jobs. */
  invalid?: string | undefined;
  jobs: PlannedJob[];
  /** For executeRun only. */
  source?: RunSource | undefined;
}

/** One job of a run; a matrix gives one per cell. */
export interface PlannedJob {
  /** Unique in the run: the id in the file, with the values of its cell for a matrix job. */
  key: string;
  /** "test (a, b)" for matrix cells. */
  name: string;
  /** Keys of the jobs it waits for; all cells of a matrix job. */
  needs: string[];
  /** With "Set up job" and "Complete job", as they will be reported. */
  steps: { name: string }[];
  labels: string[];
  /** For executeRun only. */
  cell?: JobCell | undefined;
}

/** What executeRun needs to know beyond what the server shows. */
export interface RunSource {
  workflow: Workflow;
  /** The payload, as under github.event. */
  payload: Mapping;
  inputs: Mapping;
  /** How each job ended last time, by key: a re-run of some jobs builds on it. */
  results: Map<string, JobResult>;
}

/** Which job of the file this is, and with which matrix values. */
export interface JobCell {
  job: JobDefinition;
  matrix: Mapping | null;
  index: number;
  total: number;
  /** Why the job cannot run although the file is valid, such as a matrix made of another job's outputs. */
  broken?: string | undefined;
}

export interface JobResult {
  conclusion: Conclusion;
  /** The failure does not count for the run (`continue-on-error`). */
  tolerated: boolean;
  outputs: Record<string, Value>;
}

export type Conclusion =
  | 'success'
  | 'failure'
  | 'cancelled'
  | 'skipped'
  | 'timed_out'
  | 'neutral'
  | 'startup_failure'
  | 'action_required';

export interface StepUpdate {
  number: number;
  name: string;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: Conclusion | null;
  startedAt?: Date | undefined;
  completedAt?: Date | undefined;
}

/** The whole state of one job; each update replaces the one before. */
export interface JobUpdate {
  key: string;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: Conclusion | null;
  steps: StepUpdate[];
  startedAt?: Date | undefined;
  completedAt?: Date | undefined;
  runnerName: string | null;
}

/** What a job says about a line of a file, or about itself. */
export interface Annotation {
  level: 'failure' | 'warning' | 'notice';
  message: string;
  title: string | null;
  path: string;
  startLine: number;
  endLine: number;
}

/** Where a run reports to; log lines come without a timestamp. */
export interface RunSink {
  job(update: JobUpdate): void;
  log(jobKey: string, line: string): void;
  annotation?(jobKey: string, annotation: Annotation): void;
}

export interface ExecuteOptions {
  /** Run these jobs only; the others keep their result (re-run failed jobs). */
  onlyJobs?: ReadonlySet<string> | undefined;
  attempt?: number | undefined;
  /** Added to every step's environment, such as GITHUB_RUN_ID or GITHUB_SERVER_URL. */
  env?: Record<string, string> | undefined;
  /** How a job ends that exceeds its `timeout-minutes`; users report 'cancelled' from the real GitHub. */
  timeoutConclusion?: 'timed_out' | 'cancelled' | undefined;
}
