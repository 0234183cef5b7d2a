import type { Attempt, Job, Run, User } from '../model.ts';
import type { State } from '../state.ts';
import { newest } from './schedule.ts';

/** A fresh attempt. Jobs outside `only` are taken over from the attempt before, under new ids. */
export function newAttempt(state: State, run: Run, by: User, only: ReadonlySet<string> | null): Attempt {
  const now = new Date();
  const before = run.attempts.at(-1);
  const jobs = run.plan.jobs.map((planned): Job => {
    const old = before?.jobs.find((job) => job.key === planned.key);
    if (only !== null && !only.has(planned.key) && old !== undefined) return { ...old, id: state.nextId() };
    return {
      id: state.nextId(),
      key: planned.key,
      name: planned.name,
      needs: planned.needs,
      labels: planned.labels,
      status: 'queued',
      conclusion: null,
      steps: planned.steps.map((step, index) => ({
        number: index + 1,
        name: step.name,
        status: 'queued',
        conclusion: null,
      })),
      createdAt: now,
      startedAt: now,
      completedAt: null,
      runnerName: null,
      log: null,
      annotations: [],
    };
  });
  return {
    number: (before?.number ?? 0) + 1,
    status: 'queued',
    conclusion: null,
    startedAt: now,
    updatedAt: now,
    startedBy: by,
    jobs,
    stop: new AbortController(),
    only,
    logsExpired: false,
  };
}

/** The jobs a re-run of failed jobs runs: those that failed, and all that need them. */
export function failedAndDependents(run: Run, first?: (job: Job) => boolean): Set<string> {
  const jobs = newest(run).jobs;
  const bad =
    first ??
    ((job: Job): boolean =>
      job.conclusion === 'failure' || job.conclusion === 'timed_out' || job.conclusion === 'cancelled');
  const chosen = new Set(jobs.filter(bad).map((job) => job.key));
  for (let size = -1; size !== chosen.size; ) {
    size = chosen.size;
    for (const job of jobs) {
      if (job.needs.some((key) => chosen.has(key))) chosen.add(job.key);
    }
  }
  return chosen;
}

/** Runs and jobs that answers may show by now. */
export function visibleRuns(runs: readonly Run[]): Run[] {
  const now = Date.now();
  return runs.filter((run) => run.visibleAt <= now);
}
