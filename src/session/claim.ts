import type { Task } from '../domain/task.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { OperatorTaskView, SessionView } from '../ledger/views.ts';
import { settleIssues } from './settle-issues.ts';

/** Takes what people asked of a repository, the most urgent first. From here on it belongs to the session. */
export async function claimTasks(
  ledger: Ledger,
  repo: string,
  want: { most: number; onlyNow?: boolean },
): Promise<readonly Task[]> {
  const waiting = await ledger.operatorTasks({ repo, states: ['queued'] });
  const taken = waiting.filter((one) => !want.onlyNow || one.now).slice(0, Math.max(0, want.most));
  for (const { id } of taken) {
    await ledger.record({ type: 'operator-task-moved', id, to: 'claimed', why: 'a session works on it' });
  }
  return taken.map(asTask);
}

/** What a person asked for, as a task of a session. */
export function asTask(asked: OperatorTaskView): Task {
  return {
    id: asked.id,
    title: asked.title,
    why: asked.details || 'a person asked for it',
    kind: 'feature',
    acceptance: [],
    paths: asked.paths,
    risk: 'medium',
    operatorTask: asked.id,
  };
}

/**
 * Gives every claim of a session that is over its outcome: done with evidence when it landed, blocked when its task
 * did not hold, back to the queue otherwise. Work that waits for a person's yes stays claimed. Twice is once.
 */
export async function settleClaims(ledger: Ledger, id: string): Promise<void> {
  const session = await ledger.session(id);
  if (!session) return;
  await settleIssues(ledger, session);
  const claims = (await ledger.operatorTasks({ repo: session.repo, states: ['claimed'] })).filter(
    (one) => one.session === session.id,
  );
  for (const { id } of claims) {
    const outcome = outcomeOf(id, session);
    if (outcome !== undefined)
      await ledger.record({ type: 'operator-task-moved', id, session: session.id, ...outcome });
  }
}

type Outcome = Pick<OperatorTaskView, 'evidence' | 'why'> & { readonly to: 'done' | 'blocked' | 'queued' };

function outcomeOf(id: string, session: SessionView): Outcome | undefined {
  const task = session.tasks.find((one) => one.plan.operatorTask === id);
  const commit = session.commits.find((one) => one.task === task?.id);
  if (task?.state === 'done' && session.landed !== undefined && commit) {
    const checks = session.evidence.slice(-20).map(({ check, exitCode }) => ({ check, exitCode }));
    return { to: 'done', why: task.why, evidence: { commit: commit.sha, checks, files: commit.files } };
  }
  if (task?.state === 'done' && session.state === 'blocked' && session.blockedBy === 'human')
    return undefined;
  const blocked = task?.state === 'rejected' || task?.state === 'blocked' || task?.state === 'skipped';
  if (blocked && !isTheAgents(session)) return { to: 'blocked', why: task.why, evidence: undefined };
  const why = session.why ?? task?.why ?? `the session ended ${session.state}`;
  const cut = session.state === 'interrupted' ? 'interrupted: ' : '';
  return { to: 'queued', why: `given back: ${cut}${why}`, evidence: undefined };
}

/** A limit or a failed login says nothing about the task. */
function isTheAgents(session: SessionView): boolean {
  return session.state === 'interrupted' || (session.state === 'blocked' && session.blockedBy !== 'human');
}
