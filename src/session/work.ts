import type { SessionFailure } from '../domain/failure.ts';
import type { Task } from '../domain/task.ts';
import type { Checks } from './checks.ts';
import { wordsOf } from './failure-words.ts';
import type { BaseResults } from './verify.ts';
import { isDraining, type OpenSession, type SessionWorld, type Stop } from './visit.ts';
import { endTask, type Progress, workTask } from './work-task.ts';

export interface Worked extends Progress {
  /** Why the work ended before its plan did, when that was a failure. What was verified before still lands. */
  readonly failure: SessionFailure | undefined;
  readonly rejected: number;
}

/**
 * One turn per task on the same thread; each result verified, repaired, or taken out again. One bad task never
 * sinks the session: the next one starts from the last green commit.
 */
export async function work(
  world: SessionWorld,
  session: OpenSession,
  order: { tasks: readonly Task[]; thread: string | undefined; checks: Checks; base: BaseResults },
  stop: Stop,
): Promise<Worked> {
  let progress: Progress = { tip: session.workspace.base, thread: order.thread };
  let idle = 0;
  let rejected = 0;
  let finished = 0;
  for (const [index, task] of order.tasks.entries()) {
    if (isDraining(stop) || idle >= 2) {
      await endTask(
        session,
        task,
        'dropped',
        isDraining(stop) ? 'the run is stopping' : 'two tasks in a row changed nothing',
      );
      continue;
    }
    const attempt = {
      kind: 'task' as const,
      task,
      number: index + 2,
      checks: order.checks,
      base: order.base,
    };
    const done = await workTask(world, session, attempt, progress, stop);
    if (!done.ok) {
      await endTask(session, task, 'blocked', wordsOf(done.failure));
      return { ...progress, failure: done.failure, rejected };
    }
    const { state } = done.value;
    finished += state === 'done' ? 1 : 0;
    rejected += state === 'rejected' ? 1 : 0;
    idle = state === 'skipped' || state === 'blocked' ? idle + 1 : 0;
    progress = done.value.progress;
  }
  if (!isCleanupDue(session, finished) || isDraining(stop))
    return { ...progress, failure: undefined, rejected };
  const attempt = {
    kind: 'cleanup' as const,
    task: cleanupTask,
    number: order.tasks.length + 2,
    checks: order.checks,
    base: order.base,
  };
  const cleaned = await workTask(world, session, attempt, progress, stop);
  if (!cleaned.ok) return { ...progress, failure: cleaned.failure, rejected };
  return { ...cleaned.value.progress, failure: undefined, rejected };
}

const cleanupTask: Task = {
  id: 'cleanup',
  title: 'Tidy what the last commits left',
  why: 'several commits landed since the last cleanup',
  kind: 'refactor',
  acceptance: [],
  paths: [],
  risk: 'low',
};

function isCleanupDue({ visit }: OpenSession, finished: number): boolean {
  const { cleanup_enabled: enabled, cleanup_trigger_commits: trigger } = visit.options;
  return enabled && finished > 0 && visit.landedSinceCleanup + finished >= trigger;
}
