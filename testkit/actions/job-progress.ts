import type { Conclusion, JobUpdate, StepUpdate } from './types.ts';

/** Keeps a job's steps and tells the sink at every change. */
export interface JobProgress {
  begin(step: number, name?: string): void;
  end(step: number, conclusion: Conclusion): void;
  finish(conclusion: Conclusion): void;
}

/** A job that has just got its machine. */
export function startProgress(
  job: { key: string; steps: readonly { name: string }[]; runnerName: string },
  tell: (update: JobUpdate) => void,
): JobProgress {
  const startedAt = new Date();
  const steps = job.steps.map(
    (step, index): StepUpdate => ({ number: index + 1, name: step.name, status: 'queued', conclusion: null }),
  );

  function update(changes: Partial<JobUpdate>): void {
    tell({
      key: job.key,
      status: 'in_progress',
      conclusion: null,
      steps: steps.map((step) => ({ ...step })),
      startedAt,
      runnerName: job.runnerName,
      ...changes,
    });
  }

  function change(number: number, changes: Partial<StepUpdate>): void {
    const step = steps[number - 1];
    if (step) Object.assign(step, changes);
  }

  return {
    begin(step, name) {
      change(step, { status: 'in_progress', startedAt: new Date(), ...(name === undefined ? {} : { name }) });
      update({});
    },
    end(step, conclusion) {
      const completedAt = new Date();
      const begun = steps[step - 1]?.startedAt ?? completedAt;
      change(step, { status: 'completed', conclusion, startedAt: begun, completedAt });
      update({});
    },
    finish(conclusion) {
      const completedAt = new Date();
      for (const step of steps.filter(({ status }) => status !== 'completed')) {
        Object.assign(step, {
          status: 'completed',
          conclusion: 'cancelled',
          startedAt: step.startedAt ?? completedAt,
          completedAt,
        });
      }
      update({ status: 'completed', conclusion, completedAt });
    },
  };
}
