import { evaluate, holds } from './expression.ts';
import { ExpressionError, isTruthy, toNumber } from './expression-values.ts';
import type { JobProgress } from './job-progress.ts';
import { type JobState, stepScope } from './job-state.ts';
import { runStep, type StepEnd } from './run-step.ts';
import { stepName } from './step-names.ts';
import { useAction } from './use-action.ts';
import type { Mapping, StepDefinition, Value } from './workflow.ts';

export interface StepOrder {
  state: JobState;
  progress: JobProgress;
  step: StepDefinition;
  number: number;
  pipe: string;
}

/** How long the steps that want to run after a cancellation may take together. */
const afterCancellation = 3_000;

/** Performs one step or skips it, and keeps what it means for the job; says whether it was performed. */
export async function performStep(order: StepOrder, stop: AbortSignal): Promise<boolean> {
  const { state, progress, step, number } = order;
  if (stop.aborted) state.cancelled = true;
  const name = stepName(step, stepScope(state));
  const wanted = guarded(state, () => holds(step.if, stepScope(state)));
  if (wanted === false) {
    progress.end(number, 'skipped');
    remember(state, step, { outcome: 'skipped', conclusion: 'skipped', outputs: {} });
    return false;
  }

  progress.begin(number, name);
  const ended: StepEnd =
    wanted === undefined ? { end: 'failure', outputs: {} } : await act(order, name, stop);
  const outcome = ended.end === 'stopped' ? 'cancelled' : ended.end;
  if (outcome === 'cancelled') state.cancelled = true;
  const tolerated = outcome === 'failure' && tolerates(state, step);
  if (outcome === 'failure' && !tolerated) state.failed = true;
  const conclusion = tolerated ? 'success' : outcome;
  progress.end(number, conclusion);
  remember(state, step, { outcome, conclusion, outputs: ended.outputs });
  return true;
}

async function act({ state, step, pipe }: StepOrder, name: string, stop: AbortSignal): Promise<StepEnd> {
  const minutes = guarded(state, () => toNumber(evaluate(step.timeoutMinutes ?? 0, stepScope(state))));
  if (minutes === undefined) return { end: 'failure', outputs: {} };
  const outer = stop.aborted ? AbortSignal.timeout(afterCancellation) : stop;
  using limit = timeLimit(minutes);
  const signal = AbortSignal.any([outer, limit.signal]);
  const ended = await perform(state, step, pipe, signal);
  if (ended.end !== 'stopped') return ended;
  if (outer.aborted) {
    state.log.error('The operation was canceled.');
    return ended;
  }
  state.log.error(`The action '${name}' has timed out after ${minutes} minutes.`);
  return { ...ended, end: 'failure' };
}

async function perform(
  state: JobState,
  step: StepDefinition,
  pipe: string,
  stop: AbortSignal,
): Promise<StepEnd> {
  try {
    return await (step.uses === undefined ? runStep(state, step, pipe, stop) : useAction(state, step));
  } catch (cause) {
    if (cause instanceof ExpressionError) refuse(state, cause);
    else if (isSystemError(cause)) state.log.error(`The step could not be run: ${cause.message}`);
    else throw cause;
    return { end: 'failure', outputs: {} };
  }
}

/** An earlier step may have removed or replaced the very folders we work with. */
function isSystemError(cause: unknown): cause is Error {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string';
}

function timeLimit(minutes: number): Disposable & { signal: AbortSignal } {
  const controller = new AbortController();
  const abort = (): void => {
    controller.abort();
  };
  const timer = minutes > 0 ? setTimeout(abort, Math.min(minutes, 7 * 24 * 60) * 60_000) : undefined;
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      clearTimeout(timer);
    },
  };
}

function tolerates(state: JobState, step: StepDefinition): boolean {
  const value = guarded(state, () => evaluate(step.continueOnError, stepScope(state)));
  return value !== undefined && value !== 'false' && isTruthy(value);
}

function remember(state: JobState, step: StepDefinition, entry: Mapping): void {
  if (step.id !== undefined) state.steps[step.id] = entry;
}

function guarded<T extends Value>(state: JobState, evaluation: () => T): T | undefined {
  try {
    return evaluation();
  } catch (cause) {
    if (!(cause instanceof ExpressionError)) throw cause;
    refuse(state, cause);
    return undefined;
  }
}

function refuse(state: JobState, cause: ExpressionError): void {
  state.log.error(`The template is not valid. ${cause.message}`);
}
