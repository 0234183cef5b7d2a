import { isoUtc } from '../domain/time.ts';
import type { SessionView, TurnView } from '../ledger/views.ts';
import type { WorkerPart } from './report.ts';
import type { Situation } from './situation.ts';

/** Who works right now: one line for each session in a worker's hands, the longest at it first. */
export function workerParts({ open, fixing, runState, run }: Situation): readonly WorkerPart[] {
  if (runState !== 'running' || run === undefined) return [];
  const fixes = fixing.filter(
    (session) => openTurn(session) !== undefined && !open.some((one) => one.id === session.id),
  );
  return [...open.filter((session) => session.run === run.id), ...fixes]
    .toSorted((a, b) => a.startedAt - b.startedAt)
    .map(workerPart);
}

/** What a session is busy with. */
export function workerPart(session: SessionView): WorkerPart {
  const turn = openTurn(session);
  const id = turn === undefined ? session.tasks.find(({ state }) => state === 'active')?.id : turn.task;
  const index = session.tasks.findIndex((task) => task.id === id);
  return {
    repo: session.repo,
    session: session.id,
    turn: turn?.kind ?? session.state,
    task: index === -1 ? null : index + 1,
    of: session.tasks.length,
    title: session.tasks[index]?.title ?? null,
    since: isoUtc(session.startedAt),
    tokens: tokensOf(session, turn),
    doing: turn?.doing ?? null,
  };
}

function openTurn(session: SessionView): TurnView | undefined {
  return session.turns.findLast((turn) => turn.outcome === undefined);
}

function tokensOf({ usage }: SessionView, turn: TurnView | undefined): number {
  const soFar = turn?.usage;
  return usage.inputTokens + usage.outputTokens + (soFar ? soFar.inputTokens + soFar.outputTokens : 0);
}
