import type { Ledger } from '../ledger/ledger.ts';
import type { SessionView } from '../ledger/views.ts';

/** Tells which issues the landed work of a session answers, so that none is offered again as it is. Twice is once. */
export async function settleIssues(
  ledger: Pick<Ledger, 'issues' | 'record'>,
  session: SessionView,
): Promise<void> {
  const answers = session.tasks.filter(({ plan, state }) => plan.issue !== undefined && state === 'done');
  if (session.landed === undefined || answers.length === 0) return;
  const known = new Map((await ledger.issues({ repo: session.repo })).map((view) => [view.number, view]));
  for (const { id, plan, commit } of answers) {
    const number = plan.issue ?? 0;
    const sha = session.commits.find((one) => one.task === id)?.sha ?? commit ?? session.landed;
    if (known.get(number)?.done?.session === session.id) continue;
    const where = { repo: session.repo, session: session.id };
    await ledger.record({ type: 'issue-answered', ...where, number, commit: sha });
  }
}
