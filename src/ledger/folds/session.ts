import { noUsage } from '../../domain/agent.ts';
import type { FactOf, LedgerEvent } from '../../domain/fact.ts';
import { isEnd, mayFollow } from '../../domain/session-state.ts';
import type { SessionView } from '../views.ts';
import { appended, cut } from './bounds.ts';
import { type Fold, missing } from './fold.ts';
import { sessionCi } from './session-ci.ts';
import { sessionTasks } from './session-tasks.ts';
import { sessionTurns } from './session-turns.ts';

const mostStates = 100;
const mostEvidence = 300;
const mostNotes = 50;

/** What a visit adds up to. A move that the states do not allow is a bug and throws. */
export const sessionFold: Fold<SessionView> = {
  touches: (event) => (event.session === undefined ? [] : [event.session]),
  fold(view, event, key) {
    if (event.type === 'session-queued') return queued(view, event, key);
    if (event.type === 'session-moved') return moved(view, event, key);
    if (view === undefined) return view;
    return sessionCi(sessionTurns(sessionTasks(noted(view, event), event), event), event);
  },
  columns: (view) => ({ run: view.run, repo: view.repo, state: view.state }),
};

function queued(
  view: SessionView | undefined,
  event: FactOf<'session-queued'> & { at: number },
  id: string,
): SessionView {
  if (view !== undefined) throw new Error(`Session ${id} was queued twice.`);
  return {
    id,
    repo: event.repo ?? missing({ ...event, seq: 0 }, 'a repo'),
    path: event.path,
    run: event.run ?? missing({ ...event, seq: 0 }, 'a run'),
    cycle: event.cycle ?? 0,
    state: 'queued',
    why: undefined,
    blockedBy: undefined,
    agent: event.agent,
    land: event.land,
    calledBy: cut(event.why),
    states: [{ state: 'queued', at: event.at, facts: {} }],
    startedAt: event.at,
    endedAt: undefined,
    folder: undefined,
    branch: undefined,
    target: undefined,
    base: undefined,
    logs: event.logs,
    fence: undefined,
    leaseKey: undefined,
    thread: undefined,
    resumed: 0,
    tasks: [],
    droppedTasks: 0,
    noWork: undefined,
    turns: [],
    commits: [],
    landed: undefined,
    evidence: [],
    gates: [],
    salvage: [],
    overClaims: [],
    checkout: undefined,
    ci: undefined,
    usage: noUsage,
  };
}

function moved(
  view: SessionView | undefined,
  event: FactOf<'session-moved'> & { at: number },
  id: string,
): SessionView {
  if (view === undefined) throw new Error(`Session ${id} cannot move to ${event.to}: it was never queued.`);
  if (!mayFollow(view.state, event.to)) {
    throw new Error(`Session ${id} cannot move from ${view.state} to ${event.to}.`);
  }
  return {
    ...view,
    state: event.to,
    why: event.why === undefined ? undefined : cut(event.why),
    blockedBy: event.blockedBy,
    states: appended(view.states, { state: event.to, at: event.at, facts: event.facts }, mostStates),
    endedAt: isEnd(event.to) ? event.at : undefined,
    fence: typeof event.facts['fence'] === 'number' ? event.facts['fence'] : view.fence,
    leaseKey: typeof event.facts['key'] === 'string' ? event.facts['key'] : view.leaseKey,
  };
}

function noted(view: SessionView, event: LedgerEvent): SessionView {
  switch (event.type) {
    case 'session-resumed': {
      const { run = view.run, cycle = view.cycle, logs } = event;
      // A view of an earlier version has no count.
      return { ...view, run, cycle, logs, resumed: ((view.resumed as number | undefined) ?? 0) + 1 };
    }
    case 'lease-taken':
      return { ...view, fence: event.seq, leaseKey: event.key };
    case 'workspace-opened':
      return {
        ...view,
        folder: event.folder,
        branch: event.branch,
        base: event.base,
        target: event.target,
      };
    case 'check-ran': {
      return { ...view, evidence: appended(view.evidence, event.evidence, mostEvidence) };
    }
    case 'gate-judged': {
      const gate = { gate: event.gate, findings: event.findings.slice(0, mostNotes) };
      return { ...view, gates: appended(view.gates, gate, mostNotes) };
    }
    case 'reviewed': {
      const { agent, sha, outcome, why, findings, edited, turn = '' } = event;
      const seen = { agent, turn, sha, outcome, why: cut(why), findings, edited };
      return { ...view, review: appended(view.review ?? [], seen, mostNotes) };
    }
    case 'over-claimed': {
      const overClaim = { claim: cut(event.claim), saw: cut(event.saw) };
      return { ...view, overClaims: appended(view.overClaims, overClaim, mostNotes) };
    }
    case 'salvaged': {
      const kept = { ref: event.ref, sha: event.sha, why: cut(event.why) };
      return { ...view, salvage: appended(view.salvage, kept, mostNotes) };
    }
    case 'checkout-updated':
      return { ...view, checkout: { moved: event.moved, why: cut(event.why) } };
    default:
      return view;
  }
}
