import type { SessionFailure } from '../domain/failure.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import type { Plan, Task } from '../domain/task.ts';
import { capPlan, withKnownIssues } from '../rules/cap-plan.ts';
import { planSchema, readPlan } from '../rules/read-answer.ts';
import type { Checks } from './checks.ts';
import { claimTasks } from './claim.ts';
import { usablePrompts, writePrompt } from './prompt.ts';
import { type TurnTaken, takeTurn } from './turn.ts';
import { planOrder } from './turn-prompts.ts';
import type { OpenSession, SessionWorld, Stop } from './visit.ts';

export interface Planned {
  readonly tasks: readonly Task[];
  readonly noWork: string | undefined;
  readonly thread: string | undefined;
}

/** One plan turn: up to the cap of tasks, or the agent's reason why there is none. */
export async function plan(
  world: SessionWorld,
  session: OpenSession,
  checks: Checks,
  stop: Stop,
): Promise<Result<Planned, SessionFailure>> {
  const { visit } = session;
  const usable = await usablePrompts(world, visit);
  if (!usable.ok) return failed(usable.failure);
  const cap = visit.options.tasks_per_repo;
  const asked = await claimTasks(session.ledger, visit.repo.name, { most: cap });
  if (asked.length > 0 && (visit.onlyAsked || asked.length >= cap))
    return ok(await recordPlan(session, asked, undefined));
  if (visit.options.session_mode === 'single')
    return ok(await recordPlan(session, [...asked, wholeSession(cap - asked.length)], undefined));

  const order = planOrder(visit, checks, { cap, asked });
  const prompt = await writePrompt(world, session, { ...order, stem: '1-plan' });
  const taken = await takeTurn(
    world,
    session,
    { kind: 'plan', prompt, schema: planSchema, thread: undefined, stem: '1-plan' },
    stop,
  );
  if (!taken.ok) return taken;
  const read = readPlan(taken.value.answer);
  if (read.ok) return ok(await recordRead(session, asked, read.value, taken.value));

  const again = await askAgain(world, session, { taken: taken.value, problem: read.failure, prompt }, stop);
  if (!again.ok) return again;
  const reread = readPlan(again.value.answer);
  if (!reread.ok)
    return failed({
      kind: 'answer-unreadable',
      message: `the agent answered the plan turn twice without a readable plan: ${reread.failure}`,
    });
  return ok(await recordRead(session, asked, reread.value, again.value));
}

async function askAgain(
  world: SessionWorld,
  session: OpenSession,
  before: { taken: TurnTaken; problem: string; prompt: string },
  stop: Stop,
) {
  const stem = '1-plan-once-more';
  const prompt = await writePrompt(world, session, {
    template: 'answer-again',
    stem,
    values: { turn: 'plan', problem: before.problem },
  });
  // Without the thread nobody knows what was asked.
  const whole = `${before.prompt}\n\n${prompt}`;
  return takeTurn(
    world,
    session,
    {
      kind: 'plan',
      prompt: before.taken.thread === undefined ? whole : prompt,
      schema: planSchema,
      thread: before.taken.thread,
      stem,
      anew: () => Promise.resolve(whole),
    },
    stop,
  );
}

async function recordRead(
  session: OpenSession,
  asked: readonly Task[],
  answer: Plan,
  taken: TurnTaken,
): Promise<Planned> {
  const planned = answer.kind === 'tasks' ? withKnownIssues(answer.tasks, session.visit.issues) : [];
  const noWork = answer.kind === 'no-work' && asked.length === 0 ? answer.reason : undefined;
  return { ...(await recordPlan(session, [...asked, ...planned], noWork)), thread: taken.thread };
}

async function recordPlan(
  session: OpenSession,
  tasks: readonly Task[],
  noWork: string | undefined,
): Promise<Planned> {
  const capped = capPlan(tasks, session.visit.options.tasks_per_repo);
  await session.ledger.record({ type: 'plan-made', tasks: capped.tasks, dropped: capped.dropped, noWork });
  return { tasks: capped.tasks, noWork, thread: undefined };
}

/** `session_mode: single`: plan and work in one turn, kept as one task. */
export function wholeSession(cap: number): Task {
  return {
    id: 'session',
    title: `The most valuable work, up to ${cap} small tasks`,
    why: 'session_mode is single',
    kind: 'feature',
    acceptance: [],
    paths: [],
    risk: 'medium',
  };
}
