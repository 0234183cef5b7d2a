import type { Finding } from '../domain/change.ts';
import type { SessionFailure } from '../domain/failure.ts';
import type { Sha } from '../domain/repo.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import { commitMessage } from '../rules/commit-message.ts';
import { mendingSchema } from '../rules/read-answer.ts';
import type { Lesson } from '../rules/tell-incident.ts';
import { closedBySession } from './closes.ts';
import { workspaceFailure } from './failure-words.ts';
import { askGates } from './gates.ts';
import { writePrompt } from './prompt.ts';
import { harvest } from './remember-edits.ts';
import { proposeRefused } from './remember-proposals.ts';
import { takeTurn } from './turn.ts';
import type { Landing } from './verified-at.ts';
import { verify } from './verify.ts';
import { isDraining, type OpenSession, type SessionWorld, type Stop } from './visit.ts';
import { handoffOf } from './work-task.ts';

/**
 * Asks the gates; a refusal goes back to the agent with the exact findings, a bounded number of times. What it
 * mends becomes one new commit in place of the refused ones, so that nothing refused stays in the history.
 */
export async function acceptOrRepair(
  world: SessionWorld,
  session: OpenSession,
  landing: Landing,
  stop: Stop,
): Promise<Result<Sha, SessionFailure>> {
  const attempts = session.visit.options.verify_fix_attempts;
  let { tip, thread } = landing;
  let lesson: Lesson = { rootCause: '', preventionRule: '' };
  for (let attempt = 1; ; attempt += 1) {
    const allowed = await askGates(world, session, { from: landing.from, to: tip });
    if (allowed.ok) return ok(tip);
    if (allowed.failure.kind !== 'gate-refused' || isDraining(stop)) return allowed;
    const { findings } = allowed.failure;
    if (attempt > attempts) {
      if (attempts > 0) await proposeRefused(world, session, { findings, repairs: attempts, lesson });
      return allowed;
    }
    const repaired = await repair(
      world,
      session,
      { ...landing, tip, thread },
      { attempt, attempts, findings },
      stop,
    );
    if (!repaired.ok) {
      if (repaired.failure.kind === 'gate-refused')
        await proposeRefused(world, session, { findings, repairs: attempt, lesson });
      return repaired;
    }
    ({ tip, thread, lesson } = repaired.value);
  }
}

async function repair(
  world: SessionWorld,
  session: OpenSession,
  landing: Landing,
  refusal: { attempt: number; attempts: number; findings: readonly Finding[] },
  stop: Stop,
): Promise<Result<{ tip: Sha; thread: string | undefined; lesson: Lesson }, SessionFailure>> {
  const { visit, workspace } = session;
  const stem = `gate-repair-${refusal.attempt}`;
  const prompt = await writePrompt(world, session, {
    template: 'repair',
    stem,
    values: {
      task_id: 'session',
      task_title: 'everything done in this session',
      attempt: String(refusal.attempt),
      attempts: String(refusal.attempts),
      findings: refusal.findings
        .map((finding) => `- ${finding.gate}: ${finding.message}. To do: ${finding.hint}.`)
        .join('\n'),
    },
  });
  const taken = await takeTurn(
    world,
    session,
    { kind: 'repair', prompt, schema: mendingSchema, thread: landing.thread, stem },
    stop,
  );
  if (!taken.ok) return taken;
  const asked = (await session.ledger.session(visit.session))?.tasks.map(({ plan }) => plan) ?? [];
  const named = asked.flatMap(({ operatorTask, paths }) => (operatorTask === undefined ? [] : paths));
  const snapshot = await harvest(session, landing.from, { named });
  if (!snapshot.ok) return failed(workspaceFailure(snapshot.failure));
  if (!snapshot.value.changed) return failed({ kind: 'gate-refused', findings: refusal.findings });
  const handoff = handoffOf(taken.value.answer);
  const message = commitMessage(handoff.commitMessage, 'Rework after a refused gate', {
    run: visit.run,
    session: visit.session,
    turn: 'repair',
    closes: await closedBySession(session),
  });
  const commit = await workspace.commit(snapshot.value.tree, landing.from, message);
  if (!commit.ok) return failed(workspaceFailure(commit.failure));
  const checked = await verify(
    world,
    session,
    {
      checks: landing.checks.checks,
      commit: commit.value,
      tree: snapshot.value.tree,
      base: landing.base,
      label: stem,
    },
    stop,
  );
  if (!checked.ok) return checked;
  if (checked.value.kind === 'red') return failed({ kind: 'gate-refused', findings: refusal.findings });
  return ok({ tip: commit.value, thread: taken.value.thread, lesson: handoff });
}
