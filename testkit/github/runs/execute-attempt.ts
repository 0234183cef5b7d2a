import type { Conclusion, ExecuteOptions, PlannedRun, PushEvent, RunSink } from '../../actions/types.ts';
import type { Attempt, Job, Run } from '../model.ts';
import { playScript, type Script, stamped } from './script.ts';

/** The runner: executes a planned run for real. */
export type Execute = (
  run: PlannedRun,
  push: PushEvent,
  sink: RunSink,
  stop: AbortSignal,
  options?: ExecuteOptions,
) => Promise<Conclusion>;

export interface AttemptTools {
  readonly execute: Execute;
  readonly script: Script | undefined;
  readonly env: Record<string, string>;
}

/** Runs the newest attempt of a run to its end and keeps what the runner tells. */
export async function executeAttempt(run: Run, { execute, script, env }: AttemptTools): Promise<void> {
  const attempt = run.attempts.at(-1)!;
  attempt.status = 'in_progress';
  attempt.startedAt = new Date();
  attempt.updatedAt = attempt.startedAt;
  let conclusion: Conclusion = 'failure';
  try {
    conclusion = await (script === undefined
      ? execute(run.plan, run.push, sinkFor(attempt), attempt.stop.signal, {
          onlyJobs: attempt.only ?? undefined,
          attempt: attempt.number,
          env,
        })
      : executeScripted(run, attempt, { execute, script, env }));
  } finally {
    finish(attempt, attempt.stop.signal.aborted ? 'cancelled' : conclusion);
  }
}

async function executeScripted(
  run: Run,
  attempt: Attempt,
  { execute, script, env }: AttemptTools & { script: Script },
): Promise<Conclusion> {
  const real = playScript(script, run, attempt);
  const asked = attempt.only?.size ?? attempt.jobs.length;
  if (real.size === asked) {
    const only = attempt.only ?? undefined;
    const options = { onlyJobs: only, attempt: attempt.number, env };
    return await execute(run.plan, run.push, sinkFor(attempt), attempt.stop.signal, options);
  }

  for (const job of attempt.jobs) {
    if (job.conclusion !== null) {
      run.plan.source?.results.set(job.key, { conclusion: job.conclusion, tolerated: false, outputs: {} });
    }
  }
  skipDependents(attempt, real);
  let conclusion: Conclusion = 'success';
  if (real.size > 0) {
    const options = { onlyJobs: real, attempt: attempt.number, env };
    conclusion = await execute(run.plan, run.push, sinkFor(attempt), attempt.stop.signal, options);
  }
  const ends = attempt.jobs.filter((job) => !real.has(job.key)).map((job) => job.conclusion);
  if (ends.some((end) => end === 'failure' || end === 'timed_out')) return 'failure';
  if (ends.some((end) => end === 'cancelled')) return 'cancelled';
  if (ends.some((end) => end === 'action_required')) return 'action_required';
  if (real.size === 0 && ends.every((end) => end === 'skipped')) return 'skipped';
  return conclusion;
}

/** A job that needs one which the script failed does not run. */
function skipDependents(attempt: Attempt, real: Set<string>): void {
  let again = true;
  while (again) {
    again = false;
    for (const job of attempt.jobs) {
      if (!real.has(job.key)) continue;
      const blocked = job.needs.some((key) => {
        const needed = attempt.jobs.find((each) => each.key === key);
        return needed !== undefined && !real.has(key) && needed.conclusion !== 'success';
      });
      if (!blocked) continue;
      real.delete(job.key);
      end(job, 'skipped');
      again = true;
    }
  }
}

function sinkFor(attempt: Attempt): RunSink {
  const job = (key: string): Job | undefined => attempt.jobs.find((each) => each.key === key);
  return {
    job(update) {
      const changed = job(update.key);
      if (changed === undefined) return;
      changed.status = update.status;
      changed.conclusion = update.conclusion;
      changed.steps = update.steps;
      changed.startedAt = update.startedAt ?? changed.startedAt;
      changed.completedAt = update.completedAt ?? null;
      changed.runnerName = update.runnerName;
      attempt.updatedAt = new Date();
    },
    log(key, line) {
      const spoken = job(key);
      if (spoken === undefined) return;
      spoken.log ??= [];
      spoken.log.push(stamped(line, new Date()));
    },
    annotation(key, annotation) {
      job(key)?.annotations.push(annotation);
    },
  };
}

function finish(attempt: Attempt, conclusion: Conclusion): void {
  const left: Conclusion = conclusion === 'cancelled' ? 'cancelled' : 'skipped';
  for (const job of attempt.jobs) {
    if (job.status !== 'completed') end(job, left);
  }
  attempt.status = 'completed';
  attempt.conclusion = conclusion;
  attempt.updatedAt = new Date();
}

function end(job: Job, conclusion: Conclusion): void {
  job.status = 'completed';
  job.conclusion = conclusion;
  job.completedAt = new Date();
  if (conclusion === 'skipped') job.steps = [];
}
