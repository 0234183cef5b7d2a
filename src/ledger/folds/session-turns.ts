import { type AgentOutcome, addUsage, noUsage } from '../../domain/agent.ts';
import type { FactOf, LedgerEvent } from '../../domain/fact.ts';
import type { SessionView, TurnView } from '../views.ts';
import { appended, cut } from './bounds.ts';

const mostTurns = 200;

/** The turns of a session, the thread they share, and the tokens they took. */
export function sessionTurns(view: SessionView, event: LedgerEvent): SessionView {
  switch (event.type) {
    case 'turn-started':
      return {
        ...view,
        thread: ownThread(event) ?? view.thread,
        turns: appended(view.turns, started(view, event), mostTurns),
      };
    case 'turn-progressed':
      return withLast(view, event.turn, (turn) => ({
        ...turn,
        doing: cut(event.doing, 300),
        usage: event.usage,
      }));
    case 'turn-ended':
      return {
        ...withLast(view, event.turn, (turn) => ended(turn, event)),
        thread: ownThread(event) ?? view.thread,
        usage: addUsage(view.usage, event.usage),
      };
    default:
      return view;
  }
}

/** Who reviews, or sums up old memory, talks in a thread of its own, which nobody goes on with. */
function ownThread({ kind, thread }: FactOf<'turn-started'> | FactOf<'turn-ended'>): string | undefined {
  return kind === 'review' || kind === 'summary' ? undefined : thread;
}

function started(view: SessionView, event: FactOf<'turn-started'> & { at: number }): TurnView {
  return {
    id: event.turn ?? String(view.turns.length + 1),
    kind: event.kind,
    agent: event.agent,
    model: event.model,
    task: event.task,
    thread: event.thread,
    startedAt: event.at,
    outcome: undefined,
    seconds: 0,
    usage: noUsage,
    doing: undefined,
    log: event.log,
  };
}

function ended(turn: TurnView, event: FactOf<'turn-ended'>): TurnView {
  return {
    ...turn,
    outcome: shortened(event.outcome),
    thread: event.thread ?? turn.thread,
    seconds: event.seconds,
    usage: event.usage,
    doing: undefined,
  };
}

function shortened(outcome: AgentOutcome): AgentOutcome {
  return outcome.kind === 'completed' ? outcome : { ...outcome, message: cut(outcome.message) };
}

/** A turn that was tried again has the same id: the last one is meant. */
function withLast(
  view: SessionView,
  id: string | undefined,
  change: (turn: TurnView) => TurnView,
): SessionView {
  const last = id === undefined ? view.turns.length - 1 : view.turns.findLastIndex((turn) => turn.id === id);
  if (last === -1) return view;
  return { ...view, turns: view.turns.map((turn, index) => (index === last ? change(turn) : turn)) };
}
