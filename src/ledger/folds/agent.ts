import type { AgentView } from '../views.ts';
import { cut } from './bounds.ts';
import type { Fold } from './fold.ts';

/** An agent whose account was parked, and whether it started again since. */
export const agentFold: Fold<AgentView> = {
  touches: (event) => (event.type === 'agent-parked' || event.type === 'turn-started' ? [event.agent] : []),
  fold(view, event) {
    if (event.type === 'agent-parked') {
      const { agent, until, why, at } = event;
      return { agent, until, why: cut(why), since: at, startedAgain: undefined };
    }
    if (event.type === 'turn-started' && view?.startedAgain === undefined && view !== undefined) {
      return { ...view, startedAgain: event.at };
    }
    return view;
  },
  columns: () => ({}),
};
