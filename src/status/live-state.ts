import type { LedgerEvent } from '../domain/fact.ts';
import { isEnd } from '../domain/session-state.ts';
import { agentFold } from '../ledger/folds/agent.ts';
import type { Fold } from '../ledger/folds/fold.ts';
import { runFold } from '../ledger/folds/run.ts';
import { sessionFold } from '../ledger/folds/session.ts';
import { watchFold } from '../ledger/folds/watch.ts';
import type { AgentView, RunView, SessionView, WatchView } from '../ledger/views.ts';

/** What a run that is being looked at is known to be doing, folded from the events as they come. */
export interface LiveState {
  readonly run: RunView | undefined;
  /** The open ones, those whose CI is open, and the last ended ones. */
  readonly sessions: ReadonlyMap<string, SessionView>;
  readonly watches: ReadonlyMap<string, WatchView>;
  readonly agents: ReadonlyMap<string, AgentView>;
}

export const nothingYet: LiveState = {
  run: undefined,
  sessions: new Map(),
  watches: new Map(),
  agents: new Map(),
};

const mostEnded = 200;

/** What is known after one more event. What began before anybody looked, and was not told, stays unknown. */
export function liveAfter(state: LiveState, event: LedgerEvent): LiveState {
  const runs = folded(runFold, new Map(state.run && [[state.run.id, state.run]]), event);
  return {
    run: [...runs.values()].at(-1) ?? state.run,
    sessions: knows(state, event) ? bounded(folded(sessionFold, state.sessions, event)) : state.sessions,
    watches: withoutEnded(folded(watchFold, state.watches, event)),
    agents: folded(agentFold, state.agents, event),
  };
}

/** Sessions in the hands of a worker, the longest at it first. */
export function busySessions({ sessions, watches }: LiveState): readonly SessionView[] {
  const fixing = new Set(
    [...watches.values()].filter((watch) => watch.state === 'fixing').map((watch) => watch.session),
  );
  return [...sessions.values()].filter(
    (session) =>
      !(isEnd(session.state) || session.state === 'pushed') ||
      (fixing.has(session.id) && session.turns.some((turn) => turn.outcome === undefined)),
  );
}

function knows({ sessions }: LiveState, event: LedgerEvent): boolean {
  if (event.session === undefined) return false;
  return event.type === 'session-queued' || sessions.has(event.session);
}

function folded<View>(
  fold: Fold<View>,
  views: ReadonlyMap<string, View>,
  event: LedgerEvent,
): ReadonlyMap<string, View> {
  let after = views;
  for (const key of fold.touches(event)) {
    const before = after.get(key);
    const view = fold.fold(before, event, key);
    if (view !== undefined && view !== before) after = new Map(after).set(key, view);
  }
  return after;
}

function bounded(sessions: ReadonlyMap<string, SessionView>): ReadonlyMap<string, SessionView> {
  const over = sessions.size - mostEnded;
  if (over <= 0) return sessions;
  const settled = [...sessions.values()].filter(
    ({ state, ci }) => isEnd(state) && ci?.state !== 'pending' && ci?.state !== 'fixing',
  );
  const leaving = new Set(settled.slice(0, over).map(({ id }) => id));
  return leaving.size === 0 ? sessions : new Map([...sessions].filter(([id]) => !leaving.has(id)));
}

function withoutEnded(watches: ReadonlyMap<string, WatchView>): ReadonlyMap<string, WatchView> {
  const ended = [...watches.values()].some((watch) => watch.endedAt !== undefined);
  return ended ? new Map([...watches].filter(([, watch]) => watch.endedAt === undefined)) : watches;
}
