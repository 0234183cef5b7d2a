import type { Conclusion } from '../../actions/types.ts';
import type { Attempt, Job, Run } from '../model.ts';
import { fullName } from '../state.ts';

/** The job a script is asked about. */
interface ScriptedJob {
  readonly repository: string;
  /** The workflow's name. */
  readonly workflow: string;
  /** The job's name, `test (a, b)` for a matrix cell. */
  readonly job: string;
  readonly headSha: string;
  readonly attempt: number;
}

/**
 * How a job is to end. `no-runner` is a failure with no steps, no runner and no log: what a spending limit looks like.
 * Undefined lets the job really run.
 */
export type ScriptedOutcome =
  | Conclusion
  | 'no-runner'
  | { readonly conclusion: Conclusion; readonly log: readonly string[] }
  | undefined;

export type Script = (job: ScriptedJob) => ScriptedOutcome;

/** Settles the jobs that the script decides, and returns the keys of the others. */
export function playScript(script: Script, run: Run, attempt: Attempt): Set<string> {
  const real = new Set<string>();
  for (const job of attempt.jobs) {
    if (attempt.only !== null && !attempt.only.has(job.key)) continue;
    const outcome = script({
      repository: fullName(run.repo),
      workflow: run.plan.workflowName,
      job: job.name,
      headSha: run.plan.headSha,
      attempt: attempt.number,
    });
    if (outcome === undefined) real.add(job.key);
    else settle(job, outcome);
  }
  return real;
}

function settle(job: Job, outcome: Exclude<ScriptedOutcome, undefined>): void {
  const now = new Date();
  job.status = 'completed';
  job.startedAt = now;
  job.completedAt = now;
  if (outcome === 'no-runner') {
    job.conclusion = 'failure';
    job.steps = [];
    job.annotations.push({
      level: 'failure',
      message:
        'The job was not started because recent account payments have failed or your spending limit needs to be increased.',
      title: null,
      path: '.github',
      startLine: 1,
      endLine: 1,
    });
    return;
  }
  const conclusion = typeof outcome === 'string' ? outcome : outcome.conclusion;
  job.conclusion = conclusion;
  if (conclusion === 'skipped' || conclusion === 'cancelled') {
    job.steps = [];
    return;
  }
  const bad = conclusion === 'failure' || conclusion === 'timed_out';
  job.runnerName = 'GitHub Actions 1';
  job.steps = job.steps.map((step, index) => ({
    ...step,
    status: 'completed',
    conclusion: bad && index === Math.min(1, job.steps.length - 1) ? conclusion : 'success',
    startedAt: now,
    completedAt: now,
  }));
  const said = bad ? ['##[error]Process completed with exit code 1.'] : [];
  job.log = (typeof outcome === 'string' ? said : outcome.log).map((line) => stamped(line, now));
}

/** A log line as GitHub keeps it: the moment first, to a tenth of a microsecond. */
export function stamped(line: string, at: Date): string {
  return `${at.toISOString().slice(0, -1)}0000Z ${line}`;
}
