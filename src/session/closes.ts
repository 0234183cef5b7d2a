import type { Task } from '../domain/task.ts';
import type { OpenSession, Visit } from './visit.ts';

/** The issues that a commit for these tasks closes: only where the owner wants it, and only those the visit was shown. */
export function closedBy(
  visit: Pick<Visit, 'options' | 'issues'>,
  tasks: readonly Pick<Task, 'issue'>[],
): readonly number[] {
  if (!visit.options.close_issues) return [];
  const shown = new Set(visit.issues.map(({ number }) => number));
  const answered = tasks.flatMap(({ issue }) => (issue !== undefined && shown.has(issue) ? [issue] : []));
  return [...new Set(answered)];
}

/** The same for a commit that holds everything a session has done. */
export async function closedBySession({
  visit,
  ledger,
}: Pick<OpenSession, 'visit' | 'ledger'>): Promise<readonly number[]> {
  const session = visit.options.close_issues ? await ledger.session(visit.session) : undefined;
  const done = (session?.tasks ?? []).filter(({ state }) => state === 'done');
  return closedBy(
    visit,
    done.map(({ plan }) => plan),
  );
}
