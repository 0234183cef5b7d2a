import { addUsage, noUsage } from '../../domain/agent.ts';
import { workOf } from '../../domain/change.ts';
import type { FactOf, LedgerEvent } from '../../domain/fact.ts';
import { isEnd, mayFollow, type SessionState, workingStates } from '../../domain/session-state.ts';
import type { RunView } from '../views.ts';
import { appended, cut } from './bounds.ts';
import type { Fold } from './fold.ts';

const mostWarnings = 20;
const mostUnsettled = 1000;

/** What a run adds up to. */
export const runFold: Fold<RunView> = {
  touches: (event) => (event.run !== undefined && matters.has(event.type) ? [event.run] : []),
  fold(view, event, key) {
    if (event.type === 'run-started') return begun(event, key);
    return view && next(view, event);
  },
  columns: (view) => ({ run: view.id, state: view.state }),
};

const matters: ReadonlySet<string> = new Set([
  'run-started',
  'run-ticked',
  'run-ended',
  'config-refused',
  'cycle-started',
  'cycle-ended',
  'repos-skipped',
  'session-moved',
  'turn-ended',
  'landed',
  'warned',
]);

function begun(event: FactOf<'run-started'> & { at: number }, id: string): RunView {
  return {
    id,
    state: 'running',
    pid: event.pid,
    processStart: event.processStart,
    host: event.host,
    version: event.version,
    startedAt: event.at,
    tickedAt: event.at,
    longestGap: undefined,
    endedAt: undefined,
    stopReason: undefined,
    exitCode: undefined,
    cycle: 0,
    cycles: event.cycles,
    cycleStartedAt: undefined,
    cycleEndedAt: undefined,
    cycleRepos: 0,
    cycleDone: 0,
    parallel: event.parallel,
    agent: event.agent,
    folder: event.folder,
    sessions: {},
    unsettled: {},
    usage: noUsage,
    turns: 0,
    agentSeconds: 0,
    commits: 0,
    pushes: 0,
    warnings: [],
  };
}

function next(view: RunView, event: LedgerEvent): RunView {
  switch (event.type) {
    case 'run-ticked':
      return ticked(view, event.at);
    case 'run-ended':
      return {
        ...ticked(view, event.at),
        state: 'ended',
        endedAt: event.at,
        stopReason: event.stopReason,
        exitCode: event.exitCode,
      };
    case 'config-refused':
    case 'warned':
      return { ...view, warnings: appended(view.warnings, cut(event.message, 500), mostWarnings) };
    case 'cycle-started':
      return {
        ...view,
        cycle: event.cycle ?? view.cycle + 1,
        cycleStartedAt: event.at,
        cycleEndedAt: undefined,
        cycleRepos: event.repos,
        cycleDone: 0,
      };
    case 'cycle-ended':
      return { ...view, cycleEndedAt: event.at };
    case 'repos-skipped':
      return {
        ...view,
        sessions: counted(view.sessions, 'skipped', event.skipped.length),
        cycleDone: view.cycleDone + event.skipped.length,
      };
    case 'session-moved':
      return event.session === undefined ? view : moved(view, event.session, event.to);
    case 'turn-ended':
      return {
        ...view,
        turns: view.turns + 1,
        usage: addUsage(view.usage, event.usage),
        agentSeconds: view.agentSeconds + event.seconds,
      };
    case 'landed':
      // Held for a person: nothing is on the branch yet.
      if (event.mode === 'hold') return view;
      return {
        ...view,
        commits: view.commits + workOf(event.commits).length,
        pushes: view.pushes + (event.mode === 'local' ? 0 : 1),
      };
    default:
      return view;
  }
}

function ticked(view: RunView, at: number): RunView {
  const gap = { from: view.tickedAt, to: at };
  const longest = view.longestGap === undefined ? 0 : view.longestGap.to - view.longestGap.from;
  return { ...view, tickedAt: at, longestGap: gap.to - gap.from > longest ? gap : view.longestGap };
}

function moved(view: RunView, session: string, to: SessionState): RunView {
  const { [session]: before, ...others } = view.unsettled;
  if (before === undefined && !isEnd(to)) return view;

  const left = before === undefined ? view.sessions : counted(view.sessions, before, -1);
  const sessions = isEnd(to) ? counted(left, to, 1) : left;
  const unsettled = isEnd(to) && mayBeLeft(to) ? { ...others, [session]: to } : others;
  const done = (isEnd(to) ? 1 : 0) - (before === undefined ? 0 : 1);
  return {
    ...view,
    sessions,
    unsettled: Object.fromEntries(Object.entries(unsettled).slice(-mostUnsettled)),
    cycleDone: Math.max(0, view.cycleDone + done),
  };
}

function mayBeLeft(state: SessionState): boolean {
  return workingStates.some((to) => mayFollow(state, to)) || mayFollow(state, 'abandoned');
}

function counted(counts: Readonly<Record<string, number>>, key: string, by: number): Record<string, number> {
  return { ...counts, [key]: Math.max(0, (counts[key] ?? 0) + by) };
}
