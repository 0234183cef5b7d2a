import { asMapping, asText, asTexts, InvalidWorkflow, onlyKeys, parseDefaults } from './read-mapping.ts';
import type { JobDefinition, StepDefinition, Value } from './workflow.ts';

const jobKeys = [
  'name',
  'permissions',
  'needs',
  'if',
  'runs-on',
  'environment',
  'concurrency',
  'outputs',
  'env',
  'defaults',
  'steps',
  'timeout-minutes',
  'strategy',
  'continue-on-error',
  'container',
  'services',
  'uses',
  'with',
  'secrets',
  'snapshot',
];
const stepKeys = [
  'id',
  'if',
  'name',
  'uses',
  'run',
  'working-directory',
  'shell',
  'with',
  'env',
  'continue-on-error',
  'timeout-minutes',
];
const ignoredKeys = ['container', 'services', 'concurrency', 'environment'];
const identifier = /^[A-Za-z_][\w-]*$/;

/** `jobs:`, every job able to start one day: no unknown or circular `needs`. */
export function parseJobs(value: Value): JobDefinition[] {
  const entries = Object.entries(asMapping(value, 'jobs'));
  if (entries.length === 0) throw new InvalidWorkflow('No jobs defined in `jobs`');
  const jobs = entries.map(([id, job]) => parseJob(id, job));
  checkNeeds(jobs);
  return jobs;
}

function parseJob(id: string, value: Value): JobDefinition {
  const place = `jobs.${id}`;
  if (!identifier.test(id)) throw new InvalidWorkflow(`jobs: The identifier '${id}' is invalid`);
  const job = asMapping(value, place);
  onlyKeys(job, jobKeys, place);
  const uses = asText(job['uses'], `${place}.uses`);
  if (uses === undefined && (job['runs-on'] ?? null) === null) {
    throw new InvalidWorkflow(`${place}: Required property is missing: runs-on`);
  }
  if (uses === undefined && (job['steps'] ?? null) === null) {
    throw new InvalidWorkflow(`${place}: Required property is missing: steps`);
  }
  const strategy = asMapping(job['strategy'] ?? {}, `${place}.strategy`);
  onlyKeys(strategy, ['matrix', 'fail-fast', 'max-parallel'], `${place}.strategy`);
  return {
    id,
    name: asText(job['name'], `${place}.name`),
    needs: (job['needs'] ?? null) === null ? [] : asTexts(job['needs'], `${place}.needs`),
    if: job['if'],
    runsOn: job['runs-on'],
    env: asMapping(job['env'] ?? {}, `${place}.env`),
    defaults: parseDefaults(job['defaults'], `${place}.defaults`),
    outputs: asMapping(job['outputs'] ?? {}, `${place}.outputs`),
    matrix: parseMatrix(strategy['matrix'], place),
    failFast: strategy['fail-fast'] ?? true,
    maxParallel: strategy['max-parallel'],
    continueOnError: job['continue-on-error'] ?? false,
    timeoutMinutes: job['timeout-minutes'],
    uses,
    ignored: ignoredKeys.filter((key) => job[key] !== undefined),
    steps: uses === undefined ? parseSteps(job['steps'], place) : [],
  };
}

function parseMatrix(matrix: Value | undefined, place: string): Value | undefined {
  if (matrix === undefined || typeof matrix === 'string') return matrix;
  return asMapping(matrix, `${place}.strategy.matrix`);
}

function parseSteps(value: Value | undefined, place: string): StepDefinition[] {
  if (!Array.isArray(value)) throw new InvalidWorkflow(`${place}.steps: Expected a sequence`);
  const steps = value.map((step, index) => parseStep(step, `${place}.steps[${index}]`));
  const ids = steps.flatMap((step) => step.id?.toLowerCase() ?? []);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) {
    throw new InvalidWorkflow(
      `${place}: The identifier '${twice}' may not be used more than once within the same scope`,
    );
  }
  return steps;
}

function parseStep(value: Value, place: string): StepDefinition {
  const step = asMapping(value, place);
  onlyKeys(step, stepKeys, place);
  const run = asText(step['run'], `${place}.run`);
  const uses = asText(step['uses'], `${place}.uses`);
  const id = asText(step['id'], `${place}.id`);
  if (run === undefined && uses === undefined) {
    throw new InvalidWorkflow(`${place}: Every step must define a \`uses\` or \`run\` key`);
  }
  if (run !== undefined && uses !== undefined) throw new InvalidWorkflow(`${place}: Unexpected value 'run'`);
  if (id !== undefined && !identifier.test(id))
    throw new InvalidWorkflow(`${place}: The identifier '${id}' is invalid`);
  return {
    id,
    name: asText(step['name'], `${place}.name`),
    if: step['if'],
    run,
    uses,
    with: asMapping(step['with'] ?? {}, `${place}.with`),
    env: asMapping(step['env'] ?? {}, `${place}.env`),
    shell: asText(step['shell'], `${place}.shell`),
    workingDirectory: asText(step['working-directory'], `${place}.working-directory`),
    continueOnError: step['continue-on-error'] ?? false,
    timeoutMinutes: step['timeout-minutes'],
  };
}

function checkNeeds(jobs: JobDefinition[]): void {
  const done = new Set<string>();
  let waiting = jobs;
  while (waiting.length > 0) {
    for (const job of waiting) {
      const unknown = job.needs.find((id) => !jobs.some((other) => other.id === id));
      if (unknown !== undefined) {
        throw new InvalidWorkflow(`jobs.${job.id}: Job '${job.id}' depends on unknown job '${unknown}'`);
      }
    }
    const ready = waiting.filter((job) => job.needs.every((id) => done.has(id)));
    const [stuck] = waiting;
    if (ready.length === 0) {
      throw new InvalidWorkflow(
        `jobs.${stuck?.id ?? ''}: Job '${stuck?.id ?? ''}' is part of a cycle of \`needs\``,
      );
    }
    for (const job of ready) done.add(job.id);
    waiting = waiting.filter((job) => !done.has(job.id));
  }
}
