import { concludeRun, dependencyStatus, needsContext } from './dependencies.ts';
import { executeJob } from './execute-job.ts';
import { holds } from './expression.ts';
import { ExpressionError, isTruthy, toNumber } from './expression-values.ts';
import { type JobOrder, jobContexts } from './job-state.ts';
import type {
  Conclusion,
  ExecuteOptions,
  JobResult,
  PlannedJob,
  PlannedRun,
  PushEvent,
  RunSink,
} from './types.ts';

const parallelJobs = 2;

/** Executes the run's jobs for real and reports every step; resolves with the run's conclusion. */
export async function executeRun(
  run: PlannedRun,
  push: PushEvent,
  sink: RunSink,
  stop: AbortSignal,
  options: ExecuteOptions = {},
): Promise<Conclusion> {
  const { source } = run;
  if (run.invalid !== undefined || !source) return 'startup_failure';
  const chosen = run.jobs.filter((job) => options.onlyJobs?.has(job.key) ?? true);
  const results = earlierResults(run, chosen);
  const failFast = new Map<string, AbortController>();
  const waiting = new Set(chosen);
  const running = new Map<PlannedJob, Promise<void>>();

  while (waiting.size > 0 || running.size > 0) {
    for (const job of waiting) {
      if (!mayStart(job)) continue;
      waiting.delete(job);
      running.set(job, settle(job));
    }
    if (running.size > 0) await Promise.race(running.values());
    else if (waiting.size > 0)
      throw new Error(`No job can start: ${[...waiting].map(({ key }) => key).join(', ')}`);
  }
  for (const [key, result] of results) source.results.set(key, result);
  return concludeRun([...results.values()], stop);

  function mayStart(job: PlannedJob): boolean {
    if (running.size >= parallelJobs || !job.needs.every((key) => results.has(key))) return false;
    const siblings = [...running.keys()].filter((other) => idOf(other) === idOf(job)).length;
    const most = toNumber(job.cell?.job.maxParallel ?? parallelJobs);
    return siblings < (most >= 1 ? most : parallelJobs);
  }

  async function settle(job: PlannedJob): Promise<void> {
    const group = groupOf(job);
    const ended = await start(job, AbortSignal.any([stop, group.signal]));
    results.set(job.key, ended);
    running.delete(job);
    const failed = ended.conclusion === 'failure' || ended.conclusion === 'timed_out';
    if (failed && !ended.tolerated && failsFast(job)) group.abort();
  }

  async function start(job: PlannedJob, jobStop: AbortSignal): Promise<JobResult> {
    const order = orderFor(job);
    if (jobStop.aborted || !order) return unstarted(job, 'cancelled');
    const wanted = isWanted(job, order);
    if (wanted === undefined) return unstarted(job, 'failure');
    return wanted ? executeJob(order, jobStop) : unstarted(job, 'skipped');
  }

  function orderFor(planned: PlannedJob): JobOrder | undefined {
    const { cell } = planned;
    if (!cell || !source) return undefined;
    const needs = needsContext(cell.job.needs, run.jobs, results);
    const runnerName = `GitHub Actions ${run.jobs.indexOf(planned) + 1}`;
    const { attempt = 1, env = {}, timeoutConclusion = 'timed_out' } = options;
    return { run, source, push, planned, cell, needs, runnerName, attempt, env, timeoutConclusion, sink };
  }

  /** Undefined when its condition cannot be evaluated. */
  function isWanted(job: PlannedJob, order: JobOrder): boolean | undefined {
    try {
      const status = dependencyStatus(job, run.jobs, results);
      return holds(order.cell.job.if, { contexts: jobContexts(order), status });
    } catch (cause) {
      if (!(cause instanceof ExpressionError)) throw cause;
      sink.log(
        job.key,
        `##[error]Error when evaluating 'if' for job '${order.cell.job.id}'. ${cause.message}`,
      );
      return undefined;
    }
  }

  function unstarted(job: PlannedJob, conclusion: Conclusion): JobResult {
    const now = new Date();
    sink.job({
      key: job.key,
      status: 'completed',
      conclusion,
      steps: [],
      startedAt: now,
      completedAt: now,
      runnerName: null,
    });
    return { conclusion, tolerated: false, outputs: {} };
  }

  function groupOf(job: PlannedJob): AbortController {
    const id = idOf(job);
    const group = failFast.get(id) ?? new AbortController();
    failFast.set(id, group);
    return group;
  }
}

/** The jobs we do not run keep their result; one we know nothing of counts as a success. */
function earlierResults(run: PlannedRun, chosen: PlannedJob[]): Map<string, JobResult> {
  const unknown: JobResult = { conclusion: 'success', tolerated: false, outputs: {} };
  const kept = run.jobs.filter((job) => !chosen.includes(job));
  return new Map(kept.map(({ key }) => [key, run.source?.results.get(key) ?? unknown]));
}

function idOf(job: PlannedJob): string {
  return job.cell?.job.id ?? job.key;
}

function failsFast(job: PlannedJob): boolean {
  const wanted = job.cell?.job.failFast ?? true;
  return job.cell?.matrix !== null && wanted !== 'false' && isTruthy(wanted);
}
