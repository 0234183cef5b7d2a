import type { SessionFailure } from '../domain/failure.ts';
import type { Sha } from '../domain/repo.ts';
import type { Task } from '../domain/task.ts';
import type { Part } from '../rules/prompt/segment.ts';
import type { Checks } from './checks.ts';
import { claimTasks } from './claim.ts';
import { wordsOf } from './failure-words.ts';
import type { BaseResults } from './verify.ts';
import { isDraining, mustEndNow, type OpenSession, type SessionWorld, type Stop } from './visit.ts';
import { endTask, type Progress, workTask } from './work-task.ts';

export interface Worked extends Progress {
  /** Why the work ended before its plan did, when that was a failure. What was verified before still lands. */
  readonly failure: SessionFailure | undefined;
  readonly rejected: number;
  /** What the agent says kept it from its tasks. */
  readonly blocked: readonly string[];
}

/** The tasks of a session, with what it takes to work and judge them. */
export interface Work {
  readonly tasks: readonly Task[];
  readonly thread: string | undefined;
  readonly checks: Checks;
  readonly base: BaseResults;
  /** Where another run was when it died: its last verified commit, the tasks that are over, what the next turn is told. */
  readonly from?: { readonly tip: Sha; readonly worked: number; readonly soFar: readonly Part[] } | undefined;
}

/**
 * One turn per task on the same thread; each result verified, repaired, or taken out again. One bad task never
 * sinks the session: the next one starts from the last green commit.
 */
export async function work(
  world: SessionWorld,
  session: OpenSession,
  order: Work,
  stop: Stop,
): Promise<Worked> {
  let progress: Progress = { tip: order.from?.tip ?? session.workspace.base, thread: order.thread };
  let idle = 0;
  let rejected = 0;
  let finished = 0;
  const blocked: string[] = [];
  let stopped = false;
  const queue = [...order.tasks];
  let number = 1 + (order.from?.worked ?? 0);
  let soFar = order.from?.soFar;
  for (let task = queue.shift(); task; task = queue.shift()) {
    if (isDraining(stop) || idle >= 2) {
      stopped = stopped || isDraining(stop);
      await endTask(
        session,
        task,
        'dropped',
        stopped ? stopping.message : 'two tasks in a row changed nothing',
      );
      continue;
    }
    if (await isTakenBack(session, task)) {
      await endTask(session, task, 'dropped', 'cancelled by a person');
      continue;
    }
    number += 1;
    const attempt = {
      kind: 'task' as const,
      task,
      number,
      checks: order.checks,
      base: order.base,
      soFar,
    };
    soFar = undefined;
    const done = await workTask(world, session, attempt, progress, stop);
    if (!done.ok) {
      const failure = asStopped(done.failure, stop);
      const why = wordsOf(failure);
      await endTask(session, task, saysNothing(failure) ? 'dropped' : 'blocked', why);
      for (const later of queue) await endTask(session, later, 'dropped', why);
      return { ...progress, failure, rejected, blocked };
    }
    const { state } = done.value;
    stopped = stopped || state === 'dropped';
    finished += state === 'done' ? 1 : 0;
    rejected += state === 'rejected' ? 1 : 0;
    if (state === 'blocked') blocked.push(`${task.id}: ${shortly(done.value.why)}`);
    idle = state === 'skipped' || state === 'blocked' ? idle + 1 : 0;
    progress = done.value.progress;
    queue.unshift(...(await whatPeopleAskNow(session, number, stop)));
  }
  if (!isCleanupDue(session, finished) || isDraining(stop))
    return { ...progress, failure: stopped ? stopping : undefined, rejected, blocked };
  const attempt = {
    kind: 'cleanup' as const,
    task: cleanupTask,
    number: number + 1,
    checks: order.checks,
    base: order.base,
  };
  const cleaned = await workTask(world, session, attempt, progress, stop);
  if (!cleaned.ok) return { ...progress, failure: cleaned.failure, rejected, blocked };
  return { ...cleaned.value.progress, failure: undefined, rejected, blocked };
}

/** The first line of what an agent gives as its reason. */
function shortly(why: string): string {
  const [line = ''] = why.trim().split('\n');
  if (line === '') return 'it did not say why';
  return line.length <= 200 ? line : `${line.slice(0, 199)}…`;
}

/** A failure, for a visit that ended `no_work` is a quiet one: what it had planned would never be done. */
const stopping = { kind: 'interrupted', message: 'the run is stopping' } as const;

/** What comes to an end while we stop at once, ends because of it. */
function asStopped(failure: SessionFailure, stop: Stop): SessionFailure {
  if (failure.kind === 'interrupted' || !mustEndNow(stop)) return failure;
  return { kind: 'interrupted', message: `stopped now: ${wordsOf(failure)}` };
}

/** The task was only cut short: it has no outcome, and is done again another time. */
function saysNothing({ kind }: SessionFailure): boolean {
  return kind === 'interrupted' || kind === 'agent-limited' || kind === 'agent-auth';
}

/** What a person asked for and has cancelled since is not begun, nor gone on with after a crash. */
async function isTakenBack({ ledger, visit }: OpenSession, { operatorTask }: Task): Promise<boolean> {
  if (operatorTask === undefined) return false;
  const cancelled = await ledger.operatorTasks({ repo: visit.repo.name, states: ['cancelled'] });
  return cancelled.some(({ id }) => id === operatorTask);
}

/** Between two turns is the safe point at which a task added with `--now` goes first, within the cap of the session. */
async function whatPeopleAskNow(
  { ledger, visit }: OpenSession,
  number: number,
  stop: Stop,
): Promise<readonly Task[]> {
  const most = visit.options.tasks_per_repo - (number - 1);
  if (most <= 0 || isDraining(stop)) return [];
  const asked = await claimTasks(ledger, visit.repo.name, { most, onlyNow: true });
  for (const joined of asked) await ledger.record({ type: 'task-joined', joined });
  return asked;
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
