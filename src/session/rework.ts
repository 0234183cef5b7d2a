import type { SessionFailure } from '../domain/failure.ts';
import type { Sha } from '../domain/repo.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import type { Handoff } from '../domain/task.ts';
import { commitMessage } from '../rules/commit-message.ts';
import { mendingSchema } from '../rules/read-answer.ts';
import { closedBySession } from './closes.ts';
import { workspaceFailure } from './failure-words.ts';
import { writePrompt } from './prompt.ts';
import { harvest } from './remember-edits.ts';
import { tellOverClaims } from './tell-over-claims.ts';
import { takeTurn } from './turn.ts';
import type { Landing } from './verified-at.ts';
import { verify } from './verify.ts';
import type { OpenSession, SessionWorld, Stop } from './visit.ts';
import { handoffOf } from './work-task.ts';

/** What is to be mended of everything that a session did. */
export interface ReworkOrder {
  /** The commit that what is mended stands on. */
  readonly onto: Sha;
  readonly stem: string;
  readonly attempt: number;
  readonly attempts: number;
  /** What was found, as the agent is told it. */
  readonly findings: string;
  /** Subject of the commit, when the agent does not say one. */
  readonly subject: string;
}

export type Reworked =
  | {
      readonly kind: 'green';
      readonly tip: Sha;
      readonly thread: string | undefined;
      readonly handoff: Handoff;
    }
  | { readonly kind: 'red'; readonly commit: Sha; readonly names: string }
  | { readonly kind: 'unchanged'; readonly handoff: Handoff };

/** One repair turn on the session's own thread, about everything it did: one commit, verified like any work. */
export async function rework(
  world: SessionWorld,
  session: OpenSession,
  landing: Landing,
  order: ReworkOrder,
  stop: Stop,
): Promise<Result<Reworked, SessionFailure>> {
  const { visit, workspace } = session;
  const { stem, onto } = order;
  const prompt = await writePrompt(world, session, {
    template: 'repair',
    stem,
    values: {
      task_id: 'session',
      task_title: 'everything done in this session',
      attempt: String(order.attempt),
      attempts: String(order.attempts),
      findings: order.findings,
    },
  });
  const turn = { kind: 'repair', prompt, schema: mendingSchema, thread: landing.thread, stem } as const;
  const taken = await takeTurn(world, session, turn, stop);
  if (!taken.ok) return taken;
  const handoff = handoffOf(taken.value.answer);
  const asked = (await session.ledger.session(visit.session))?.tasks.map(({ plan }) => plan) ?? [];
  const named = asked.flatMap(({ operatorTask, paths }) => (operatorTask === undefined ? [] : paths));
  const snapshot = await harvest(session, onto, { named });
  if (!snapshot.ok) return failed(workspaceFailure(snapshot.failure));
  if (!snapshot.value.changed) return ok({ kind: 'unchanged', handoff });
  const message = commitMessage(handoff.commitMessage, order.subject, {
    run: visit.run,
    session: visit.session,
    turn: 'repair',
    closes: await closedBySession(session),
  });
  const commit = await workspace.commit(snapshot.value.tree, onto, message);
  if (!commit.ok) return failed(workspaceFailure(commit.failure));
  const what = {
    checks: landing.checks.checks,
    commit: commit.value,
    tree: snapshot.value.tree,
    below: landing.from,
    base: landing.base,
    label: stem,
  };
  const checked = await verify(world, session, what, stop);
  if (!checked.ok) return checked;
  await tellOverClaims(session, handoff, checked.value);
  if (checked.value.kind === 'green')
    return ok({ kind: 'green', tip: commit.value, thread: taken.value.thread, handoff });
  const names = checked.value.failing.map(({ check }) => check).join(', ');
  return ok({ kind: 'red', commit: commit.value, names });
}
