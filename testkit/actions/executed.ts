import { readFileSync } from 'node:fs';
import { executeRun } from './execute-run.ts';
import { planRuns } from './plan-runs.ts';
import { makeTestRepository } from './test-repository.ts';
import type { Annotation, Conclusion, ExecuteOptions, JobUpdate, PlannedRun, PushEvent } from './types.ts';

/** What a run did, for tests. */
export interface Executed {
  conclusion: Conclusion;
  /** The last update of each job. */
  jobs: Record<string, JobUpdate>;
  updates: JobUpdate[];
  logs: Record<string, string[]>;
  annotations: Annotation[];
}

/** A run that has been planned and can be executed, more than once. */
export interface Executable extends AsyncDisposable {
  run: PlannedRun;
  push: PushEvent;
  execute(options?: ExecuteOptions & Watch): Promise<Executed>;
}

interface Watch {
  stop?: AbortSignal | undefined;
  onLine?: ((line: string) => void) | undefined;
}

/** Pushes one workflow file (and others) to a new repository and plans its run. */
export async function pushed(workflow: string, files: Record<string, string> = {}): Promise<Executable> {
  const repository = await makeTestRepository();
  const push = await repository.push({ '.github/workflows/ci.yml': workflow, ...files });
  const [run] = await planRuns(push);
  if (!run) throw new Error('The workflow did not start');
  return {
    run,
    push,
    execute: ({ stop = new AbortController().signal, onLine, ...options } = {}) =>
      execute(run, push, { stop, onLine }, options),
    [Symbol.asyncDispose]: () => repository[Symbol.asyncDispose](),
  };
}

/** Pushes a workflow of one job with these steps, executes it, and forgets it. */
export async function executedSteps(steps: string, files?: Record<string, string>): Promise<Executed> {
  await using executable = await pushed(jobOf(steps), files);
  return await executable.execute();
}

/** A workflow of the one job `test` with these steps, a YAML list without indentation. */
export function jobOf(steps: string, more = ''): string {
  const list = steps.trim().replaceAll(/^/gm, '      ');
  return `on: push\njobs:\n  test:\n    runs-on: x\n${more}    steps:\n${list}\n`;
}

/** Whether a process is there and has not ended; one that only waits to be buried has. */
export function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z /s.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}

/** What the steps of a job printed: the log without the runner's own lines. */
export function printed(log: string[] = []): string[] {
  let inHeader = false;
  const own =
    /^(Current runner|Runner name|Prepare workflow|Complete job name|Cleaning up|Post job cleanup|##\[error\]Process)/;
  return log.filter((line) => {
    if (line.startsWith('##[group]Run ')) inHeader = true;
    const shown = !inHeader && !own.test(line);
    if (line === '##[endgroup]') inHeader = false;
    return shown;
  });
}

async function execute(
  run: PlannedRun,
  push: PushEvent,
  { stop, onLine }: { stop: AbortSignal; onLine: Watch['onLine'] },
  options: ExecuteOptions,
): Promise<Executed> {
  const executed: Omit<Executed, 'conclusion'> = { jobs: {}, updates: [], logs: {}, annotations: [] };
  const sink = {
    job(update: JobUpdate) {
      executed.updates.push(update);
      executed.jobs[update.key] = update;
    },
    log(key: string, line: string) {
      (executed.logs[key] ??= []).push(line);
      onLine?.(line);
    },
    annotation(_key: string, annotation: Annotation) {
      executed.annotations.push(annotation);
    },
  };
  return { ...executed, conclusion: await executeRun(run, push, sink, stop, options) };
}
