import { createHash } from 'node:crypto';
import { globSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { githubContext, startContexts, strategyContext } from './contexts.ts';
import type { Scope } from './expression.ts';
import type { JobFolders } from './job-folders.ts';
import type { JobLog } from './job-log.ts';
import type { JobCell, PlannedJob, PlannedRun, PushEvent, RunSink, RunSource } from './types.ts';
import type { Mapping } from './workflow.ts';

/** One job to execute, and what it may know of the rest of the run. */
export interface JobOrder {
  run: PlannedRun;
  source: RunSource;
  push: PushEvent;
  planned: PlannedJob;
  cell: JobCell;
  /** The `needs` context. */
  needs: Mapping;
  runnerName: string;
  attempt: number;
  env: Record<string, string>;
  timeoutConclusion: 'timed_out' | 'cancelled';
  sink: RunSink;
}

/** A job while it is executed. */
export interface JobState {
  order: JobOrder;
  folders: JobFolders;
  log: JobLog;
  trackingId: string;
  /** The variables of the workflow and the job, and those that steps added. */
  env: Record<string, string>;
  /** What steps put in front of PATH, the last one first. */
  paths: string[];
  /** The `steps` context. */
  steps: Mapping;
  failed: boolean;
  cancelled: boolean;
  /** One per step that ran a process. */
  sweeps: (() => boolean)[];
}

/** The contexts of a job before it has a machine. */
export function jobContexts(order: JobOrder): Mapping {
  const { cell, source, push, run, env } = order;
  const github: Mapping = {
    ...githubContext(push, source.payload, source.workflow),
    sha: run.headSha,
    job: cell.job.id,
    run_id: env['GITHUB_RUN_ID'] ?? '1',
    run_number: env['GITHUB_RUN_NUMBER'] ?? '1',
    run_attempt: String(order.attempt),
    server_url: serverUrl(order),
    api_url: env['GITHUB_API_URL'] ?? serverUrl(order),
    retention_days: '90',
  };
  return {
    ...startContexts(github, source.inputs),
    matrix: cell.matrix,
    strategy: strategyContext(cell.index, cell.total, cell.job.failFast),
    needs: order.needs,
  };
}

/** Without a server of our own, an address where nobody answers: a step must not reach the real one. */
export function serverUrl(order: Pick<JobOrder, 'env'>): string {
  return order.env['GITHUB_SERVER_URL'] ?? 'http://127.0.0.1:9';
}

/** What a step's expressions see; `env` are the step's own variables. */
export function stepScope(state: JobState, env: Record<string, string> = {}): Scope {
  const { folders, failed, cancelled, order } = state;
  const outer = jobContexts(order);
  const status = cancelled ? 'cancelled' : failed ? 'failure' : 'success';
  return {
    contexts: {
      ...outer,
      github: { ...(outer['github'] as Mapping), workspace: folders.workspace },
      env: { ...state.env, ...env },
      job: { status },
      steps: state.steps,
      runner: {
        name: order.runnerName,
        os: 'Linux',
        arch: runnerArch(),
        temp: folders.temp,
        tool_cache: folders.tools,
        workspace: path.dirname(folders.workspace),
        environment: 'github-hosted',
        debug: '',
      },
    },
    status: { success: !failed && !cancelled, failure: failed && !cancelled, cancelled },
    hashFiles: (patterns) => hashFiles(folders.workspace, patterns),
  };
}

/** RUNNER_ARCH in GitHub's words. */
export function runnerArch(): string {
  return process.arch === 'arm64' ? 'ARM64' : 'X64';
}

function hashFiles(workspace: string, patterns: string[]): string {
  const exclude = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1));
  const include = patterns.filter((pattern) => !pattern.startsWith('!'));
  const files = globSync(include, { cwd: workspace, exclude })
    .map((file) => path.join(workspace, file))
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile() === true)
    .toSorted();
  if (files.length === 0) return '';
  const all = createHash('sha256');
  for (const file of files) all.update(createHash('sha256').update(readFileSync(file)).digest());
  return all.digest('hex');
}
