import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { evaluate, interpolate, type Scope } from './expression.ts';
import { ExpressionError, isTruthy, toNumber } from './expression-values.ts';
import { makeJobFolders } from './job-folders.ts';
import { createJobLog } from './job-log.ts';
import { type JobProgress, startProgress } from './job-progress.ts';
import { type JobOrder, type JobState, jobContexts, stepScope } from './job-state.ts';
import { killOrphans } from './orphans.ts';
import { performStep } from './perform-step.ts';
import { hasPostStep } from './step-names.ts';
import type { Conclusion, JobResult } from './types.ts';
import type { Mapping, Value } from './workflow.ts';

/** Executes one job from "Set up job" to "Complete job" on a machine of its own. */
export async function executeJob(order: JobOrder, stop: AbortSignal): Promise<JobResult> {
  const { planned, cell, runnerName, sink } = order;
  const progress = startProgress({ ...planned, runnerName }, (update) => {
    sink.job(update);
  });
  progress.begin(1);
  await using folders = await makeJobFolders(order.push.repository, cell.job.steps.length);
  const state: JobState = {
    order,
    folders,
    log: createJobLog({
      line: (text) => {
        sink.log(planned.key, text);
      },
      annotation: (annotation) => sink.annotation?.(planned.key, annotation),
    }),
    trackingId: `actions_${randomUUID()}`,
    env: {},
    paths: [],
    steps: {},
    failed: false,
    cancelled: false,
    sweeps: [],
  };
  using limit = timeLimit(state);
  await setUp(state);
  progress.end(1, state.failed ? 'failure' : 'success');
  if (!state.failed) await performSteps(state, progress, AbortSignal.any([stop, limit.signal]));
  const outputs = completeJob(state, progress);

  const conclusion = conclude(state, limit.signal);
  progress.finish(conclusion);
  const failed = conclusion === 'failure' || conclusion === 'timed_out';
  return { conclusion, tolerated: failed && isTolerated(order), outputs };
}

async function setUp(state: JobState): Promise<void> {
  const { order, log, folders } = state;
  const { cell, planned, source } = order;
  log.say(`Current runner version: '2.330.0'`);
  log.say(`Runner name: '${order.runnerName}'`);
  log.say('Prepare workflow directory');
  for (const key of cell.job.ignored) log.say(`##[notice]\`${key}\` is ignored here`);
  if (cell.job.uses !== undefined) {
    log.say(
      `##[notice]The reusable workflow ${cell.job.uses} is not executed here; the job counts as a success`,
    );
  }
  log.say(`Complete job name: ${planned.name}`);
  if (cell.broken !== undefined)
    fail(state, `Error when evaluating 'strategy' for job '${cell.job.id}'. ${cell.broken}`);
  attempt(state, () => {
    evaluateInto(state.env, source.workflow.env, { contexts: jobContexts(order) });
    evaluateInto(state.env, cell.job.env, { contexts: jobContexts(order) });
  });
  await writeFile(path.join(folders.temp, 'event.json'), JSON.stringify(source.payload, undefined, 2));
}

async function performSteps(state: JobState, progress: JobProgress, stop: AbortSignal): Promise<void> {
  const { steps } = state.order.cell.job;
  const used: boolean[] = [];
  for (const [index, step] of steps.entries()) {
    used.push(
      await performStep(
        { state, progress, step, number: index + 2, pipe: state.folders.pipes[index] ?? '' },
        stop,
      ),
    );
  }
  const after = [...steps.keys()].filter((index) => steps[index] && hasPostStep(steps[index])).toReversed();
  for (const [place, index] of after.entries()) {
    const number = steps.length + 2 + place;
    if (used[index]) {
      progress.begin(number);
      state.log.say('Post job cleanup.');
    }
    progress.end(number, used[index] ? 'success' : 'skipped');
  }
}

function completeJob(state: JobState, progress: JobProgress): Record<string, Value> {
  const last = state.order.planned.steps.length;
  progress.begin(last);
  const outputs: Record<string, Value> = {};
  attempt(state, () => {
    evaluateInto(outputs, state.order.cell.job.outputs, stepScope(state));
  });
  state.log.say('Cleaning up orphan processes');
  const orphans = killOrphans(state.trackingId);
  for (const { pid, name } of orphans) state.log.say(`Terminate orphan process: pid (${pid}) (${name})`);
  for (const sweep of state.sweeps) sweep();
  progress.end(last, 'success');
  return outputs;
}

function conclude(state: JobState, limit: AbortSignal): Conclusion {
  if (state.cancelled) return limit.aborted ? state.order.timeoutConclusion : 'cancelled';
  return state.failed ? 'failure' : 'success';
}

function isTolerated(order: JobOrder): boolean {
  try {
    const value = evaluate(order.cell.job.continueOnError, { contexts: jobContexts(order) });
    return value !== 'false' && isTruthy(value);
  } catch (cause) {
    if (!(cause instanceof ExpressionError)) throw cause;
    return false;
  }
}

/** Aborts when the job has had its `timeout-minutes`. */
function timeLimit(state: JobState): Disposable & { signal: AbortSignal } {
  const controller = new AbortController();
  const asked = attempt(state, () =>
    evaluate(state.order.cell.job.timeoutMinutes ?? 360, { contexts: jobContexts(state.order) }),
  );
  const minutes = toNumber(asked ?? 360);
  const timer = setTimeout(
    () => {
      state.log.error(
        `The job running on runner ${state.order.runnerName} has exceeded the maximum execution time of ${minutes} minutes.`,
      );
      controller.abort();
    },
    Math.min(minutes > 0 ? minutes : 360, 7 * 24 * 60) * 60_000,
  );
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      clearTimeout(timer);
    },
  };
}

function evaluateInto(target: Record<string, Value>, mapping: Mapping, scope: Scope): void {
  for (const [name, value] of Object.entries(mapping)) target[name] = interpolate(value, scope);
}

function attempt<T>(state: JobState, evaluation: () => T): T | undefined {
  try {
    return evaluation();
  } catch (cause) {
    if (!(cause instanceof ExpressionError)) throw cause;
    fail(state, `The template is not valid. ${cause.message}`);
    return undefined;
  }
}

function fail(state: JobState, message: string): void {
  state.log.error(message);
  state.failed = true;
}
