import { strategyContext } from './contexts.ts';
import { evaluate, evaluateDeep, expressionsIn, interpolate, type Scope } from './expression.ts';
import { ExpressionError, toText } from './expression-values.ts';
import { cellLabel, expandMatrix } from './matrix.ts';
import { stepNames } from './step-names.ts';
import type { JobCell, PlannedJob } from './types.ts';
import type { JobDefinition, Mapping, Value } from './workflow.ts';

/** The jobs of a run, one per matrix cell, each knowing the cells it waits for. */
export function planJobs(definitions: readonly JobDefinition[], scope: Scope): PlannedJob[] {
  const byId = new Map<string, PlannedJob[]>();
  for (const definition of definitions) {
    byId.set(
      definition.id,
      cellsOf(definition, scope).map((cell) => planJob(cell, scope)),
    );
  }
  const jobs = uniqueKeys([...byId.values()].flat());
  for (const job of jobs) {
    job.needs = (job.cell?.job.needs ?? []).flatMap((id) => (byId.get(id) ?? []).map((needed) => needed.key));
  }
  return jobs;
}

function cellsOf(job: JobDefinition, scope: Scope): JobCell[] {
  if (job.matrix === undefined) return [{ job, matrix: null, index: 0, total: 1 }];
  const cells = expand(job.matrix, scope);
  if (typeof cells === 'string') return [{ job, matrix: null, index: 0, total: 1, broken: cells }];
  return cells.map((matrix, index) => ({ job, matrix, index, total: cells.length }));
}

function expand(matrix: Value, scope: Scope): Mapping[] | string {
  try {
    const value = evaluateDeep(matrix, scope);
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return expandMatrix(value);
    return 'Matrix must define at least one vector; one made of the outputs of other jobs is not supported here';
  } catch (cause) {
    if (!(cause instanceof ExpressionError)) throw cause;
    return cause.message;
  }
}

function planJob(cell: JobCell, outer: Scope): PlannedJob {
  const { job, matrix, index, total } = cell;
  const strategy = strategyContext(index, total, job.failFast);
  const scope: Scope = { contexts: { ...outer.contexts, matrix, strategy, needs: {} } };
  const label = matrix === null ? '' : ` (${cellLabel(matrix)})`;
  const named = job.name ?? job.id;
  const name = expressionsIn(named).length > 0 ? interpolate(named, scope) : `${named}${label}`;
  return {
    key: `${job.id}${label}`,
    name,
    needs: [],
    steps: stepNames(job, scope).map((step) => ({ name: step })),
    labels: labelsOf(job.runsOn ?? null, scope),
    cell,
  };
}

function labelsOf(runsOn: Value, scope: Scope): string[] {
  if (Array.isArray(runsOn)) return runsOn.flatMap((label) => labelsOf(label, scope));
  if (runsOn !== null && typeof runsOn === 'object') return labelsOf(runsOn['labels'] ?? [], scope);
  const value = evaluate(runsOn, scope);
  if (value === null) return [];
  return Array.isArray(value) ? value.map(toText) : [toText(value)];
}

function uniqueKeys(jobs: PlannedJob[]): PlannedJob[] {
  const seen = new Set<string>();
  for (const job of jobs) {
    const plain = job.key;
    for (let copy = 2; seen.has(job.key); copy += 1) job.key = `${plain} #${copy}`;
    seen.add(job.key);
  }
  return jobs;
}
