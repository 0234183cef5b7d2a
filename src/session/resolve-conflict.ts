import type { SessionFailure } from '../domain/failure.ts';
import type { Sha } from '../domain/repo.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import { commitMessage } from '../rules/commit-message.ts';
import { listChecks } from '../rules/list-checks.ts';
import { mendingSchema } from '../rules/read-answer.ts';
import { fenced } from '../rules/untrusted.ts';
import { passReview } from './accept-reviewed.ts';
import { closedBySession } from './closes.ts';
import { wordsOf, workspaceFailure } from './failure-words.ts';
import { writePrompt } from './prompt.ts';
import { harvest, memoryBefore } from './remember-edits.ts';
import { salvage } from './salvage.ts';
import { takeTurn } from './turn.ts';
import { type Landing, verifiedAt } from './verified-at.ts';
import { isDraining, type OpenSession, type SessionWorld, type Stop } from './visit.ts';
import { handoffOf } from './work-task.ts';

const diffBytes = 48_000;

/**
 * One repair turn on a conflict: the agent does its work again on top of what others pushed. The first version is
 * kept under a salvage ref, whatever comes of it.
 */
export async function resolveConflict(
  world: SessionWorld,
  session: OpenSession,
  conflict: Landing & { target: Sha; paths: readonly string[] },
  stop: Stop,
): Promise<Result<Sha, SessionFailure>> {
  const { visit, mirror, workspace } = session;
  const what = `conflicts with what others pushed, in ${conflict.paths.join(', ')}`;
  await salvage(session, `conflict-${conflict.tip.slice(0, 12)}`, conflict.tip, what);
  if (isDraining(stop)) return failed({ kind: 'conflict', message: what });

  const there = await workspace.resetTo(conflict.target);
  if (!there.ok) return failed(workspaceFailure(there.failure));
  const before = await memoryBefore(workspace);
  const diff = await mirror.diff(conflict.from, conflict.tip, diffBytes);
  const stem = `conflict-${conflict.target.slice(0, 7)}`;
  const prompt = await writePrompt(world, session, {
    template: 'conflict',
    stem,
    values: {
      branch: session.mirror.identity.branch,
      paths: conflict.paths.join(', '),
      diff: fenced(diff.ok ? diff.value : '', { source: 'your own diff', nonce: world.randomId(8) }),
      checks: listChecks(conflict.checks.checks),
    },
  });
  const taken = await takeTurn(
    world,
    session,
    { kind: 'repair', prompt, schema: mendingSchema, thread: conflict.thread, stem },
    stop,
  );
  if (!taken.ok) return failed({ kind: 'conflict', message: `${what}; the repair turn did not end well` });

  const handoff = handoffOf(taken.value.answer);
  const snapshot = await harvest(session, conflict.target, { before });
  if (!snapshot.ok) return failed(workspaceFailure(snapshot.failure));
  if (!snapshot.value.changed) {
    if (handoff.status === 'skipped') return ok(conflict.target);
    return failed({
      kind: 'conflict',
      message: `${what}; the repair turn changed nothing: ${handoff.summary}`,
    });
  }
  const message = commitMessage(handoff.commitMessage, 'Do the work again on the new tip', {
    run: visit.run,
    session: visit.session,
    turn: 'repair',
    closes: await closedBySession(session),
  });
  const commit = await workspace.commit(snapshot.value.tree, conflict.target, message);
  if (!commit.ok) return failed(workspaceFailure(commit.failure));
  const solved = { ...conflict, from: conflict.target, tip: commit.value };
  const verified = await verifiedAt(world, session, solved, stem, stop);
  const passed = verified.ok ? await passReview(world, session, solved, stop) : verified;
  if (passed.ok) return ok(commit.value);
  if (passed.failure.kind === 'held-for-review')
    await salvage(session, `${stem}-solved`, commit.value, wordsOf(passed.failure));
  return passed;
}
