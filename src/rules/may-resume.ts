import type { SessionState } from '../domain/session-state.ts';
import type { Task, TaskState } from '../domain/task.ts';

/** What is known of a session whose run died. */
export interface CutOff {
  readonly state: SessionState;
  readonly base: string | undefined;
  readonly tasks: readonly { readonly state: TaskState; readonly plan: Task }[];
  /** What was verified. */
  readonly commits: readonly unknown[];
  readonly resumed: number;
}

/** A session that takes its run with it each time must not cost an agent for ever. */
const mostResumes = 2;

/**
 * Whether a session that was cut off goes on, rather than being kept by name and planned anew: its plan is known, and
 * what it was planned from still holds. An issue has to be read and trusted again, so its plan does not. One that had
 * nothing left to do or to land was about to end, and not because there was no work.
 */
export function mayResume(session: CutOff): boolean {
  const { state, base, tasks, commits, resumed } = session;
  if (state !== 'active' && state !== 'completed_unreviewed') return false;
  if (base === undefined || tasks.length === 0 || resumed >= mostResumes) return false;
  if (commits.length === 0 && tasksLeft(session).length === 0) return false;
  return tasks.every(({ plan }) => plan.issue === undefined);
}

/** The tasks that are still to be worked: first the one that was cut off. */
export function tasksLeft({ tasks }: Pick<CutOff, 'tasks'>): readonly Task[] {
  const of = (state: TaskState): Task[] =>
    tasks.filter((task) => task.state === state).map(({ plan }) => plan);
  return [...of('active'), ...of('planned')];
}
