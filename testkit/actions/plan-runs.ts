import { changedFiles, isZero } from './changed-files.ts';
import { githubContext, refName, startContexts } from './contexts.ts';
import { eventPayload } from './event-payload.ts';
import { evaluate, interpolate, type Scope } from './expression.ts';
import { ExpressionError, isTruthy } from './expression-values.ts';
import { parseWorkflow } from './parse-workflow.ts';
import { planJobs } from './plan-jobs.ts';
import { type PushedCommit, readCommit } from './read-commit.ts';
import { skipsCi } from './skips-ci.ts';
import { startsOn } from './starts-on.ts';
import type { PlannedRun, PushEvent } from './types.ts';
import type { Mapping, Value, Workflow } from './workflow.ts';

/** The runs that the event starts, in the order of their file names. */
export async function planRuns(push: PushEvent): Promise<PlannedRun[]> {
  if (isZero(push.after)) return [];
  const commit = await readCommit(push.gitDir, push.after);
  if (!commit || commit.files.length === 0) return [];
  if (push.event !== 'workflow_dispatch' && skipsCi(commit.message)) return [];

  const files = onceOnly(() => changedFiles(push));
  const runs: PlannedRun[] = [];
  for (const file of commit.files) {
    const workflow = parseWorkflow(file.path, file.text);
    if ('invalid' in workflow) {
      // Nobody can tell the triggers of a broken file, so GitHub reports it at every push.
      if (push.event === 'push') runs.push(invalidRun(push, commit, file.path, workflow.invalid));
    } else if (await startsOn(workflow.on, { ...push, changedFiles: files })) {
      runs.push(planRun(push, commit, workflow));
    }
  }
  return runs;
}

function planRun(push: PushEvent, commit: PushedCommit, workflow: Workflow): PlannedRun {
  const inputs = dispatchInputs(workflow.on['workflow_dispatch'], push);
  const payload = eventPayload(push, commit, inputs);
  const github = { ...githubContext(push, payload, workflow), sha: commit.sha };
  const scope: Scope = { contexts: startContexts(github, inputs) };
  try {
    return {
      ...head(push, commit, workflow.path),
      workflowName: workflow.name,
      concurrency: planConcurrency(workflow.concurrency, scope),
      jobs: planJobs(workflow.jobs, scope),
      source: { workflow, payload, inputs, results: new Map() },
    };
  } catch (cause) {
    if (!(cause instanceof ExpressionError)) throw cause;
    return invalidRun(
      push,
      commit,
      workflow.path,
      `Invalid workflow file: ${workflow.path}: ${cause.message}`,
    );
  }
}

function invalidRun(push: PushEvent, commit: PushedCommit, path: string, invalid: string): PlannedRun {
  return { ...head(push, commit, path), workflowName: path, invalid, jobs: [] };
}

function head(push: PushEvent, commit: PushedCommit, workflowPath: string) {
  return { workflowPath, event: push.event, headBranch: refName(push.ref), headSha: commit.sha };
}

function planConcurrency(value: Value | undefined, scope: Scope): PlannedRun['concurrency'] {
  if (value === undefined || value === null) return undefined;
  const settings = typeof value === 'object' && !Array.isArray(value) ? value : { group: value };
  const group = interpolate(settings['group'] ?? null, scope);
  if (group === '') return undefined;
  const cancel = evaluate(settings['cancel-in-progress'] ?? false, scope);
  return { group, cancelInProgress: cancel !== 'false' && isTruthy(cancel) };
}

function dispatchInputs(trigger: Value | undefined, push: PushEvent): Mapping {
  if (push.event !== 'workflow_dispatch') return {};
  const inputs = fieldOf(trigger ?? null, 'inputs');
  const defaults = Object.entries(inputs !== null && typeof inputs === 'object' ? inputs : {}).map(
    ([name, input]): [string, Value] => [name, fieldOf(input, 'default') ?? ''],
  );
  return { ...Object.fromEntries(defaults), ...push.inputs };
}

function fieldOf(value: Value, key: string): Value {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return null;
  return value[key] ?? null;
}

function onceOnly<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => (answer ??= ask());
}
