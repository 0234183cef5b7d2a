import type { Attempt, Run } from '../model.ts';
import { createConcurrency } from './concurrency.ts';
import { type Execute, executeAttempt } from './execute-attempt.ts';
import type { Script } from './script.ts';

/** Decides when runs execute: concurrency groups, a bounded number of jobs at a time, re-runs, cancelling. */
export interface Scheduler {
  /** Takes a run whose newest attempt is queued. */
  take(run: Run): void;
  cancel(run: Run): void;
  /** Counts work that will bring runs, such as planning, so that `idle` waits for it. */
  during(work: Promise<unknown>): void;
  /** Resolves when nothing is being planned, queued or running. Rejects with the first bug met on the way. */
  idle(): Promise<void>;
  setScript(script: Script | undefined): void;
  /** Cancels everything and waits for it. */
  stop(): Promise<void>;
}

export interface SchedulerOptions {
  readonly execute: Execute;
  readonly maxParallelJobs: number;
  /** The environment that tells a job where it is, such as GITHUB_SERVER_URL. */
  readonly env: (run: Run) => Record<string, string>;
}

export function createScheduler({ execute, maxParallelJobs, env }: SchedulerOptions): Scheduler {
  const groups = createConcurrency();
  const queue: Run[] = [];
  const running = new Set<Run>();
  const bugs: unknown[] = [];
  let freeJobs = maxParallelJobs;
  let busy = 0;
  let waiters: (() => void)[] = [];
  let script: Script | undefined;
  let stopped = false;

  function start(): void {
    for (;;) {
      const next = queue[0];
      if (next === undefined || freeJobs < weight(next)) return;
      queue.shift();
      const taken = weight(next);
      freeJobs -= taken;
      running.add(next);
      during(
        perform(next).finally(() => {
          freeJobs += taken;
          running.delete(next);
          settled(next);
        }),
      );
    }
  }

  async function perform(run: Run): Promise<void> {
    await executeAttempt(run, { execute, script, env: env(run) });
  }

  function settled(run: Run): void {
    const next = groups.leave(run);
    if (next !== undefined) enter(next);
    start();
  }

  function enter(run: Run): void {
    newest(run).status = 'queued';
    queue.push(run);
  }

  function weight(run: Run): number {
    const jobs = newest(run).only?.size ?? run.plan.jobs.length;
    return Math.min(maxParallelJobs, Math.max(1, jobs));
  }

  function cancel(run: Run): void {
    const attempt = newest(run);
    if (attempt.status === 'completed') return;
    if (attempt.status === 'in_progress') {
      attempt.stop.abort(new Error('cancelled'));
      return;
    }
    const at = queue.indexOf(run);
    if (at >= 0) queue.splice(at, 1);
    endUnstarted(attempt);
    settled(run);
  }

  function during(work: Promise<unknown>): void {
    busy += 1;
    void work
      .catch((bug: unknown) => bugs.push(bug))
      .finally(() => {
        busy -= 1;
        start();
        wakeWhenIdle();
      });
  }

  function wakeWhenIdle(): void {
    if (busy > 0 || queue.length > 0) return;
    const ready = waiters;
    waiters = [];
    for (const wake of ready) wake();
  }

  async function idle(): Promise<void> {
    if (busy > 0 || queue.length > 0) {
      await new Promise<void>((resolve) => {
        waiters.push(resolve);
      });
    }
    if (bugs.length > 0) throw bugs.shift();
  }

  return {
    during,
    cancel,
    idle,
    take(run) {
      if (stopped) {
        endUnstarted(newest(run));
        return;
      }
      const decision = groups.join(run);
      if (decision.now) enter(run);
      else newest(run).status = 'pending';
      for (const overtaken of decision.cancel) cancel(overtaken);
      start();
    },
    setScript(next) {
      script = next;
    },
    async stop() {
      stopped = true;
      for (const run of [...queue, ...groups.waiting(), ...running]) cancel(run);
      await idle().catch(() => undefined);
    },
  };
}

/** The attempt that counts. */
export function newest(run: Run): Attempt {
  return run.attempts.at(-1)!;
}

/** Ends an attempt that never got a runner. */
function endUnstarted(attempt: Attempt): void {
  const now = new Date();
  attempt.status = 'completed';
  attempt.conclusion = 'cancelled';
  attempt.updatedAt = now;
  for (const job of attempt.jobs) {
    if (job.status === 'completed') continue;
    job.status = 'completed';
    job.conclusion = 'cancelled';
    job.completedAt = now;
    job.steps = [];
  }
}
