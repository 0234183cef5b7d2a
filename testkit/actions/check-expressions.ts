import { expressionsIn, parseCondition } from './expression.ts';
import { pureFunctions, statusFunctions } from './expression-functions.ts';
import { type Expression, walk } from './expression-parser.ts';
import { ExpressionError } from './expression-values.ts';
import type { JobDefinition, StepDefinition, Value, Workflow } from './workflow.ts';

interface Place {
  contexts: readonly string[];
  /** success(), failure(), cancelled(), always() may be asked. */
  status?: boolean;
  /** hashFiles() may be asked. */
  files?: boolean;
}

const atStart = ['github', 'inputs', 'vars'];
const workflowEnv: Place = { contexts: [...atStart, 'secrets'] };
const workflowConcurrency: Place = { contexts: atStart };
const jobCondition: Place = { contexts: [...atStart, 'needs'], status: true };
const jobMatrix: Place = { contexts: [...atStart, 'needs'] };
const jobSetting: Place = { contexts: [...atStart, 'needs', 'strategy', 'matrix'] };
const jobEnv: Place = { contexts: [...jobSetting.contexts, 'secrets'] };
const jobOutput: Place = { contexts: [...jobEnv.contexts, 'env', 'job', 'runner', 'steps'] };
const inStep: Place = { contexts: jobOutput.contexts, files: true };
const stepCondition: Place = {
  contexts: inStep.contexts.filter((context) => context !== 'secrets'),
  status: true,
  files: true,
};

/** Throws an ExpressionError for an expression that does not parse or asks for what its place does not offer. */
export function checkExpressions(workflow: Workflow): void {
  checkTexts(workflow.env, workflowEnv);
  checkTexts(workflow.concurrency, workflowConcurrency);
  for (const job of workflow.jobs) checkJob(job);
}

function checkJob(job: JobDefinition): void {
  checkCondition(job.if, jobCondition);
  checkTexts(job.matrix, jobMatrix);
  checkTexts(
    [job.name ?? null, job.runsOn ?? null, job.continueOnError, job.timeoutMinutes ?? null],
    jobSetting,
  );
  checkTexts(job.env, jobEnv);
  checkTexts([job.defaults.shell ?? null, job.defaults.workingDirectory ?? null], {
    contexts: [...jobSetting.contexts, 'env'],
  });
  checkTexts(job.outputs, jobOutput);
  for (const step of job.steps) checkStep(step);
}

function checkStep(step: StepDefinition): void {
  checkCondition(step.if, stepCondition);
  const { name, run, env, workingDirectory, continueOnError, timeoutMinutes } = step;
  checkTexts(
    [
      name ?? null,
      run ?? null,
      step.with,
      env,
      workingDirectory ?? null,
      continueOnError,
      timeoutMinutes ?? null,
    ],
    inStep,
  );
}

function checkCondition(condition: Value | undefined, place: Place): void {
  if (typeof condition === 'string' && condition !== '') checkExpression(parseCondition(condition), place);
}

function checkTexts(value: Value | undefined, place: Place): void {
  if (typeof value === 'string') {
    for (const expression of expressionsIn(value)) checkExpression(expression, place);
  } else if (typeof value === 'object' && value !== null) {
    for (const item of Object.values(value)) checkTexts(item, place);
  }
}

function checkExpression(expression: Expression, place: Place): void {
  for (const part of walk(expression)) {
    if (part.kind === 'name' && !place.contexts.includes(part.name)) {
      throw new ExpressionError(`Unrecognized named-value: '${part.name}'`);
    }
    if (part.kind === 'call') checkCall(part.name, part.args.length, place);
  }
}

function checkCall(name: string, count: number, place: Place): void {
  const pure = pureFunctions[name];
  if (pure) {
    if (count < pure.least) throw new ExpressionError(`Too few parameters supplied: '${name}'`);
    if (count > pure.most) throw new ExpressionError(`Too many parameters supplied: '${name}'`);
    return;
  }
  const names: readonly string[] = statusFunctions;
  const known =
    (place.status === true && names.includes(name)) || (place.files === true && name === 'hashfiles');
  if (!known) throw new ExpressionError(`Unrecognized function: '${name}'`);
}
