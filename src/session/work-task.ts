import { boundPaths } from '../domain/change.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { SessionFailure } from '../domain/failure.ts';
import type { Sha } from '../domain/repo.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import type { Handoff, Task, TaskState } from '../domain/task.ts';
import { commitMessage } from '../rules/commit-message.ts';
import type { OverClaim } from '../rules/over-claims.ts';
import type { Part } from '../rules/prompt/segment.ts';
import { handoffSchema, mendingSchema, readHandoff } from '../rules/read-answer.ts';
import type { Checks } from './checks.ts';
import { closedBy } from './closes.ts';
import { describeFailing } from './failing-checks.ts';
import { wordsOf, workspaceFailure } from './failure-words.ts';
import { writePrompt } from './prompt.ts';
import { harvest } from './remember-edits.ts';
import { proposeDone, proposeExhausted, proposeOverClaim } from './remember-proposals.ts';
import { salvage, salvageFiles, salvageStrays } from './salvage.ts';
import { tellOverClaims } from './tell-over-claims.ts';
import { takeTurn } from './turn.ts';
import { taskOrder } from './turn-prompts.ts';
import { type BaseResults, verify } from './verify.ts';
import { isDraining, type OpenSession, type SessionWorld, type Stop } from './visit.ts';

/** Where the work of a session stands: the last commit that was verified, and the thread to go on with. */
export interface Progress {
  readonly tip: Sha;
  readonly thread: string | undefined;
}

/** One task with what it takes to work and judge it. */
export interface Attempt {
  readonly kind: 'task' | 'cleanup';
  readonly task: Task;
  readonly number: number;
  readonly checks: Checks;
  readonly base: BaseResults;
  /** For the first turn of a session that is taken up again: what was before. */
  readonly soFar?: readonly Part[] | undefined;
}

/** How a task ended, in a word and in a sentence, and where the session stands then. */
export interface TaskDone {
  readonly state: TaskState;
  readonly why: string;
  readonly progress: Progress;
}

/** One task: its turn, the harvest, the checks, the repairs; done, or taken out again. */
export async function workTask(
  world: SessionWorld,
  session: OpenSession,
  attempt: Attempt,
  before: Progress,
  stop: Stop,
): Promise<Result<TaskDone, SessionFailure>> {
  const { task, checks } = attempt;
  const { visit, workspace } = session;
  const attempts = visit.options.verify_fix_attempts;
  const ledger = session.ledger.within({ task: task.id });
  await ledger.record({ type: 'task-started' });

  let { thread } = before;
  let failing: readonly Evidence[] = [];
  const handoffs: Handoff[] = [];
  let overClaim: { claims: readonly OverClaim[]; command: string } | undefined;
  for (let repair = 0; repair <= attempts; repair += 1) {
    const stem =
      repair === 0
        ? `${attempt.number}-task-${task.id}${attempt.soFar ? '-resumed' : ''}`
        : `${attempt.number}-task-${task.id}-repair-${repair}`;
    const prompt = await promptFor(world, session, attempt, {
      repair,
      stem,
      failing,
      // The thread may turn out to be gone: then this turn has to say it all.
      first: thread === undefined || (repair === 0 && attempt.soFar !== undefined),
    });
    const taken = await takeTurn(
      world,
      session,
      {
        kind: repair === 0 ? attempt.kind : 'repair',
        task: task.id,
        prompt,
        schema: repair === 0 ? handoffSchema : mendingSchema,
        thread,
        stem,
        anew: (again) => promptFor(world, session, attempt, { repair, stem: again, failing, first: true }),
      },
      stop,
    );
    if (!taken.ok) {
      await salvageFiles(session, task.id, before.tip, wordsOf(taken.failure));
      await salvageStrays(session);
      await workspace.resetTo(before.tip);
      return taken;
    }
    thread = taken.value.thread;
    const handoff = handoffOf(taken.value.answer);
    handoffs.push(handoff);

    const snapshot = await harvest(session, before.tip, {
      named: task.operatorTask === undefined ? [] : task.paths,
    });
    if (!snapshot.ok) return failed(workspaceFailure(snapshot.failure));
    // After the snapshot: commits that the files show already are not kept twice.
    await salvageStrays(session);
    if (!snapshot.value.changed) {
      if (taken.value.nothing) {
        return failed({
          kind: 'agent-failed',
          message: 'the agent ended without an event, a token or a change',
          retryable: true,
        });
      }
      const state = handoff.status === 'blocked' ? 'blocked' : 'skipped';
      const why = handoff.summary || 'nothing was changed';
      await endTask(session, task, state, why, handoff);
      return ok({ state, why, progress: { tip: before.tip, thread } });
    }

    const closes = closedBy(visit, [task]);
    const trailers = { run: visit.run, session: visit.session, task: task.id, closes };
    const commit = await workspace.commit(
      snapshot.value.tree,
      before.tip,
      commitMessage(handoff.commitMessage, task.title, trailers),
    );
    if (!commit.ok) return failed(workspaceFailure(commit.failure));
    if (handoff.status === 'blocked') {
      return ok(
        await takeOut(session, task, {
          commit: commit.value,
          tip: before.tip,
          thread,
          state: 'blocked',
          why: handoff.summary,
          handoff,
        }),
      );
    }

    const checked = await verify(
      world,
      { ...session, ledger },
      {
        checks: checks.checks,
        commit: commit.value,
        tree: snapshot.value.tree,
        below: workspace.base,
        base: attempt.base,
        label: stem,
      },
      stop,
    );
    if (!checked.ok) {
      await salvage(session, task.id, commit.value, wordsOf(checked.failure));
      await workspace.resetTo(before.tip);
      return checked;
    }
    const claims = await tellOverClaims({ ledger }, handoff, checked.value);
    if (checked.value.kind === 'green') {
      const change = await session.mirror.change(before.tip, commit.value);
      const paths = change.ok ? change.value.files.map((file) => file.path) : [];
      const subject = commitMessage(handoff.commitMessage, task.title, trailers).split('\n')[0] ?? task.title;
      await ledger.record({
        type: 'task-committed',
        commit: {
          sha: commit.value,
          subject,
          task: task.id,
          files: paths.length,
          paths: boundPaths(paths),
        },
      });
      const done = { task, kind: attempt.kind, handoffs, subject, tree: snapshot.value.tree };
      await proposeDone(world, session, done);
      if (overClaim)
        await proposeOverClaim(world, session, { task, ...overClaim, mended: { lesson: handoff } });
      await endTask(session, task, 'done', handoff.summary, handoff);
      return ok({ state: 'done', why: handoff.summary, progress: { tip: commit.value, thread } });
    }
    failing = checked.value.failing;
    if (claims.length > 0) {
      overClaim ??= { claims, command: failing[0]?.command ?? '' };
      await proposeOverClaim(world, session, { task, ...overClaim });
    }
    if (repair === attempts || isDraining(stop)) {
      const names = failing.map((evidence) => evidence.check).join(', ');
      const isCutShort = repair < attempts;
      const why = isCutShort
        ? `the run is stopping; ${names} is red, and was not repaired`
        : `${names} still red after ${repair} repair ${repair === 1 ? 'turn' : 'turns'}`;
      if (repair > 0 && !isCutShort)
        await proposeExhausted(world, session, { task, failing, repairs: repair, handoff });
      return ok(
        await takeOut(session, task, {
          commit: commit.value,
          tip: before.tip,
          thread,
          state: isCutShort ? 'dropped' : 'rejected',
          why,
          handoff,
        }),
      );
    }
  }
  return failed({
    kind: 'tasks-rejected',
    message: `${task.id}: ${handoffs.at(-1)?.summary ?? 'no repair was allowed'}`,
  });
}

async function promptFor(
  world: SessionWorld,
  session: OpenSession,
  attempt: Attempt,
  turn: { repair: number; stem: string; failing: readonly Evidence[]; first: boolean },
): Promise<string> {
  const { task, kind, checks } = attempt;
  const { stem, first } = turn;
  if (turn.repair === 0)
    return writePrompt(world, session, {
      ...taskOrder(session.visit, checks, { task, kind, first, soFar: attempt.soFar }),
      stem,
    });
  return writePrompt(world, session, {
    template: 'repair',
    stem,
    values: {
      task_id: task.id,
      task_title: task.title,
      attempt: String(turn.repair),
      attempts: String(session.visit.options.verify_fix_attempts),
      findings: await describeFailing(world, session, turn.failing),
    },
  });
}

/** The task's commit goes back out, kept under a salvage ref; the files are those of the last green commit again. */
async function takeOut(
  session: OpenSession,
  task: Task,
  out: {
    commit: Sha;
    tip: Sha;
    thread: string | undefined;
    state: 'rejected' | 'blocked' | 'dropped';
    why: string;
    handoff: Handoff;
  },
): Promise<TaskDone> {
  await salvage(session, task.id, out.commit, out.why);
  await session.workspace.resetTo(out.tip);
  await endTask(session, task, out.state, out.why, out.handoff);
  return { state: out.state, why: out.why, progress: { tip: out.tip, thread: out.thread } };
}

/** Records how a task ended. */
export async function endTask(
  session: OpenSession,
  task: Task,
  state: TaskState,
  why: string,
  handoff?: Handoff,
): Promise<void> {
  await session.ledger
    .within({ task: task.id })
    .record({ type: 'task-ended', state, why, claims: handoff?.claims ?? [] });
}

/** An agent that worked but cannot say so in JSON is judged by its files, with its words as the summary. */
export function handoffOf(answer: string | undefined): Handoff {
  const read = readHandoff(answer);
  if (read.ok) return read.value;
  return {
    status: 'done',
    summary: (answer ?? '').slice(0, 2000),
    commitMessage: '',
    claims: [],
    decisions: [],
    followUps: [],
    memory: [],
    rootCause: '',
    preventionRule: '',
  };
}
