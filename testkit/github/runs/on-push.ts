import type { PlannedRun, PushEvent } from '../../actions/types.ts';
import type { Repo, Run, User, Workflow } from '../model.ts';
import type { State } from '../state.ts';
import { newAttempt } from './attempts.ts';
import type { Scheduler } from './schedule.ts';

export type Plan = (push: PushEvent) => Promise<PlannedRun[]>;

export interface RunStarter {
  /** Plans and starts the runs of an event. `only` is one workflow's path, for a dispatch. */
  start(repo: Repo, by: User, push: PushEvent, extra?: { pullNumber?: number; only?: string }): void;
  /** How long after the event runs can be seen. */
  setDelay(ms: number): void;
}

/** Turns events into runs, at once in memory, and visible after the delay. */
export function createRunStarter(state: State, plan: Plan, scheduler: Scheduler): RunStarter {
  let delay = 0;
  // One after the other per repository, so that runs are in the order of their pushes.
  const planning = new Map<Repo, Promise<void>>();

  async function begin(
    repo: Repo,
    by: User,
    push: PushEvent,
    extra: { pullNumber?: number; only?: string; visibleAt: number },
  ): Promise<void> {
    for (const planned of await plan(push)) {
      if (extra.only !== undefined && planned.workflowPath !== extra.only) continue;
      const workflow = workflowFor(state, repo, planned);
      if (workflow.state !== 'active') continue;
      workflow.runCount += 1;
      const run: Run = {
        id: state.nextId(),
        number: workflow.runCount,
        suiteId: state.nextId(),
        repo,
        workflow,
        plan: planned,
        push,
        actor: by,
        pullNumber: extra.pullNumber ?? null,
        createdAt: new Date(),
        visibleAt: extra.visibleAt,
        attempts: [],
      };
      const attempt = newAttempt(state, run, by, null);
      run.attempts.push(attempt);
      repo.runs.push(run);
      if (planned.invalid === undefined) {
        scheduler.take(run);
      } else {
        attempt.status = 'completed';
        attempt.conclusion = 'startup_failure';
      }
    }
  }

  return {
    start(repo, by, push, extra = {}) {
      if (!repo.actionsEnabled) return;
      const visibleAt = Date.now() + delay;
      const before = planning.get(repo) ?? Promise.resolve();
      const mine = before.then(() => begin(repo, by, push, { ...extra, visibleAt }));
      planning.set(
        repo,
        mine.catch(() => undefined),
      );
      scheduler.during(mine);
    },
    setDelay(ms) {
      delay = ms;
    },
  };
}

/** The workflow of a path; it gets its id when it is first met. */
export function workflowFor(
  state: State,
  repo: Repo,
  { workflowPath, workflowName }: Pick<PlannedRun, 'workflowPath' | 'workflowName'>,
): Workflow {
  const known = repo.workflows.get(workflowPath);
  if (known !== undefined) {
    known.name = workflowName;
    return known;
  }
  const workflow: Workflow = {
    id: state.nextId(),
    path: workflowPath,
    name: workflowName,
    state: 'active',
    createdAt: new Date(),
    runCount: 0,
  };
  repo.workflows.set(workflowPath, workflow);
  return workflow;
}
