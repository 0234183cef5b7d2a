import { interpolate, type Scope } from './expression.ts';
import { ExpressionError } from './expression-values.ts';
import type { JobDefinition, StepDefinition } from './workflow.ts';

/** The steps GitHub shows for a job, in their order. */
export function stepNames(job: JobDefinition, scope: Scope): string[] {
  const own = job.steps.map((step) => stepName(step, scope));
  const after = job.steps.filter(hasPostStep).map((step) => postStepName(step, scope));
  return ['Set up job', ...own, ...after.toReversed(), 'Complete job'];
}

/** As named in the file, or what it runs. */
export function stepName(step: StepDefinition, scope: Scope): string {
  if (step.name !== undefined) return evaluated(step.name, scope);
  if (step.uses !== undefined) return `Run ${step.uses}`;
  const [first = ''] = (step.run ?? '').trimStart().split('\n');
  return `Run ${evaluated(first.trim(), scope)}`;
}

function postStepName(step: StepDefinition, scope: Scope): string {
  return `Post ${stepName(step, scope)}`;
}

/** Whether the action cleans up after itself at the end of the job. */
export function hasPostStep(step: StepDefinition): boolean {
  return /^actions\/(checkout|cache|setup-[a-z]+)@/i.test(step.uses ?? '');
}

/** A name may ask for what is not known yet; then it is shown as written. */
function evaluated(text: string, scope: Scope): string {
  try {
    return interpolate(text, scope);
  } catch (cause) {
    if (!(cause instanceof ExpressionError)) throw cause;
    return text;
  }
}
