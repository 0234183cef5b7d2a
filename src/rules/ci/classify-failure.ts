import type { CiJob, CiRun } from '../../domain/ci.ts';

/** Who is to blame for a red run. Only `code`, `workflow_file` and `timeout` are worth a fix pass. */
export type FailureClass = 'code' | 'infra' | 'workflow_file' | 'timeout';

const failing = new Set(['failure', 'timed_out', 'startup_failure']);

/** Jobs that failed themselves: what depends on them is `skipped`. */
export function failingJobs(jobs: readonly CiJob[]): readonly CiJob[] {
  return jobs.filter((job) => failing.has(job.conclusion ?? ''));
}

/** The step that failed a job, as far as the forge says. */
export function failingStep(job: CiJob): string | undefined {
  return job.steps.find((step) => failing.has(step.conclusion ?? ''))?.name;
}

/** Tells a failure of the code from a runner that was refused: billing, spending limit, no machine. */
export function classifyFailure(run: CiRun, jobs: readonly CiJob[]): FailureClass {
  if (run.conclusion === 'startup_failure') return 'workflow_file';
  if (jobs.length === 0) {
    if (run.workflow === run.path) return 'workflow_file';
    return run.conclusion === 'timed_out' ? 'timeout' : 'infra';
  }
  const failed = failingJobs(jobs);
  if (failed.length === 0) return run.conclusion === 'timed_out' ? 'timeout' : 'infra';
  const started = failed.filter(hasStarted);
  if (started.length === 0) return 'infra';
  return started.every((job) => job.conclusion === 'timed_out') ? 'timeout' : 'code';
}

function hasStarted(job: CiJob): boolean {
  if (job.steps.length === 0) return false;
  const worked = job.steps.some((step) => step.conclusion !== null && step.conclusion !== 'skipped');
  return worked || Boolean(job.runnerName);
}
