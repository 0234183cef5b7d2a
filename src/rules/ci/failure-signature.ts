import { createHash } from 'node:crypto';
import type { CiFailure, CiJob, CiRun } from '../../domain/ci.ts';
import { failingJobs } from './classify-failure.ts';
import { errorLines } from './error-lines.ts';

/** A red run with what is known of its jobs. */
export interface RedRun {
  readonly run: CiRun;
  readonly jobs: readonly CiJob[];
}

/** The failing jobs by name, `ci.yml / test (22)`; a run that failed without any stands for itself. */
export function failingNames(red: readonly RedRun[]): readonly string[] {
  const names = red.flatMap(({ run, jobs }) => {
    const file = run.path.slice(run.path.lastIndexOf('/') + 1);
    const failed = failingJobs(jobs);
    return failed.length > 0 ? failed.map((job) => `${file} / ${job.name}`) : [`${file} / (the run itself)`];
  });
  return [...new Set(names)].sort();
}

/**
 * A digest of which workflow, jobs and steps failed, and of what their logs say went wrong: the same for the same
 * failure, whichever cells of a matrix it hit and whenever it happened. It counts the fix passes of a failure.
 */
export function failureSignature(red: readonly RedRun[], read: readonly CiFailure[]): string {
  const places = red.flatMap(({ run, jobs }) => {
    const failed = failingJobs(jobs);
    if (failed.length === 0) return [`${run.path}\t-\t${run.conclusion ?? ''}`];
    return failed.map((job) => [run.path, withoutCell(job.name), ...failedSteps(job)].join('\t'));
  });
  const words = read.flatMap(({ job, excerpt }) =>
    errorLines(excerpt).map((line) => `${withoutCell(job.name)}\t${line}`),
  );
  return createHash('sha256')
    .update([...new Set([...places, ...words])].sort().join('\n'))
    .digest('hex')
    .slice(0, 16);
}

/** `test (22, linux)` is `test` in one cell of a matrix. */
function withoutCell(name: string): string {
  return name.replace(/ \([^()]*\)$/, '').trim();
}

function failedSteps(job: CiJob): readonly string[] {
  const steps = job.steps.filter((step) => step.conclusion === 'failure' || step.conclusion === 'timed_out');
  return steps.map((step) => step.name.replace(/\b[0-9a-f]{7,40}\b|\d+/gi, '#')).sort();
}

/** Whether everything that fails now failed on the tip before ours: then it is not for us to mend. */
export function redBeforeUs(jobs: { parent: readonly RedRun[]; ours: readonly RedRun[] }): boolean {
  const before = new Set(failingNames(jobs.parent));
  const now = failingNames(jobs.ours);
  return now.length > 0 && now.every((name) => before.has(name));
}
