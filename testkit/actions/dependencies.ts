import type { Scope } from './expression.ts';
import type { Conclusion, JobResult, PlannedJob } from './types.ts';
import type { Mapping, Value } from './workflow.ts';

type Results = ReadonlyMap<string, JobResult>;

/** What success() and failure() mean for a job: all its ancestors count, not only its direct needs. */
export function dependencyStatus(
  job: PlannedJob,
  jobs: readonly PlannedJob[],
  results: Results,
): Scope['status'] {
  const ended = [...ancestors(job, jobs)].map((key) => resultWord(results.get(key)));
  return {
    success: ended.every((result) => result === 'success'),
    failure: ended.includes('failure'),
    cancelled: false,
  };
}

/** The `needs` context: one entry per id, the cells of a matrix put together. */
export function needsContext(ids: readonly string[], jobs: readonly PlannedJob[], results: Results): Mapping {
  const entries = ids.map((id): [string, Value] => {
    const cells = jobs.filter((job) => job.cell?.job.id === id).map((job) => results.get(job.key));
    const outputs: Mapping = {};
    for (const cell of cells) {
      for (const [name, value] of Object.entries(cell?.outputs ?? {}))
        if (value !== '') outputs[name] = value;
    }
    return [id, { result: together(cells.map(resultWord)), outputs }];
  });
  return Object.fromEntries(entries);
}

/** A run's conclusion from those of its jobs. */
export function concludeRun(results: readonly JobResult[], stop: AbortSignal): Conclusion {
  const counted = results.filter((result) => !result.tolerated).map((result) => result.conclusion);
  if (stop.aborted && counted.includes('cancelled')) return 'cancelled';
  for (const bad of ['failure', 'timed_out', 'cancelled'] as const) if (counted.includes(bad)) return bad;
  return results.length > 0 && results.every((result) => result.conclusion === 'skipped')
    ? 'skipped'
    : 'success';
}

function ancestors(job: PlannedJob, jobs: readonly PlannedJob[], found = new Set<string>()): Set<string> {
  for (const key of job.needs) {
    if (found.has(key)) continue;
    found.add(key);
    const needed = jobs.find((other) => other.key === key);
    if (needed) ancestors(needed, jobs, found);
  }
  return found;
}

function resultWord(result: JobResult | undefined): string {
  if (!result || result.tolerated) return 'success';
  return result.conclusion === 'timed_out' ? 'failure' : result.conclusion;
}

function together(words: string[]): string {
  for (const word of ['failure', 'cancelled']) if (words.includes(word)) return word;
  return words.length > 0 && words.every((word) => word === 'skipped') ? 'skipped' : 'success';
}
