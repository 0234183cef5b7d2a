import type { CandidateRow } from '../loops/candidates.ts';
import type { CliContext } from './context.ts';

/** Prints what a cycle would visit and what it would leave alone, in its order. */
export function tellCandidates(
  context: Pick<CliContext, 'print'>,
  rows: readonly CandidateRow[],
  how: { json: boolean; parallel: number },
): void {
  if (how.json) {
    context.print(JSON.stringify({ schema_version: 1, dry_run: true, repos: rows }));
    return;
  }
  if (rows.length === 0) {
    context.print(
      'No repository may be visited: clone discover ~/code finds yours, clone repos list tells which are ignored.',
    );
    return;
  }
  const visits = rows.filter((row) => row.visit).length;
  const width = Math.max(4, ...rows.map((row) => row.repo.length));
  context.print(
    `A cycle would visit ${visits} of ${rows.length} repositories, ${how.parallel} at once. Nothing was started.`,
  );
  for (const row of rows) {
    const what = row.visit ? `up to ${row.task_cap} tasks, land ${row.land}: ` : '';
    const due = row.next_due === null ? '' : `; looked at again ${row.next_due}`;
    context.print(`  ${row.visit ? '+' : '-'} ${row.repo.padEnd(width)}  ${what}${row.why}${due}`);
  }
}
