import type { CiRun } from '../../domain/ci.ts';
import { compareText } from '../../domain/compare-text.ts';

/** Events that test a pushed commit. A nightly run or a bot's run on the same commit says nothing about our push. */
const testingEvents = new Set([
  'push',
  'pull_request',
  'pull_request_target',
  'merge_group',
  'create',
  'workflow_run',
  'dynamic',
]);

/** The runs that count for a pushed commit: of each workflow and event the newest, in a stable order. */
export function newestRuns(runs: readonly CiRun[], branch: string): readonly CiRun[] {
  const newest = new Map<string, CiRun>();
  for (const run of runs) {
    if (!testingEvents.has(run.event)) continue;
    if (run.event === 'push' && run.branch !== branch) continue;
    const key = `${run.workflowId} ${run.event}`;
    const other = newest.get(key);
    if (!other || isNewer(run, other)) newest.set(key, run);
  }
  return [...newest.values()].sort((a, b) => compareText(a.path, b.path) || a.id - b.id);
}

function isNewer(run: CiRun, other: CiRun): boolean {
  return run.number > other.number || (run.number === other.number && run.attempt > other.attempt);
}

/** Equal strings mean that nothing happened between two looks. */
export function runsKey(runs: readonly CiRun[]): string {
  return runs.map((run) => [run.id, run.attempt, run.status, run.conclusion].join(' ')).join('\n');
}
