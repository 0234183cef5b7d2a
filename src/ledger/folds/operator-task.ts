import { taskMayGo } from '../../domain/operator-task.ts';
import type { OperatorTaskView } from '../views.ts';
import { cut } from './bounds.ts';
import type { Fold } from './fold.ts';

/** A piece of work that a person asked for. An illegal move is refused with everything appended beside it. */
export const operatorTaskFold: Fold<OperatorTaskView> = {
  touches: (event) =>
    event.type === 'operator-task-added' || event.type === 'operator-task-moved' ? [event.id] : [],
  fold(view, event) {
    if (event.type === 'operator-task-added') {
      if (view) throw new Error(`operator task ${event.id} was added twice`);
      const { id, title, details, priority, now, paths, at } = event;
      return {
        id,
        repo: event.repo ?? '',
        title: cut(title),
        details: details.slice(0, 20_000),
        priority,
        now,
        paths,
        state: 'queued',
        addedAt: at,
        movedAt: at,
        session: undefined,
        why: '',
        evidence: undefined,
        claims: 0,
      };
    }
    if (event.type !== 'operator-task-moved') return view;
    if (!view) throw new Error(`there is no operator task ${event.id}`);
    if (!taskMayGo(view.state, event.to))
      throw new Error(`operator task ${event.id} is ${view.state} and cannot become ${event.to}`);
    const claimed = event.to === 'claimed';
    return {
      ...view,
      state: event.to,
      movedAt: event.at,
      session: event.to === 'queued' ? undefined : (event.session ?? view.session),
      why: cut(event.why),
      evidence: event.evidence,
      claims: view.claims + (claimed ? 1 : 0),
    };
  },
  columns: (view) => ({ repo: view.repo, state: view.state }),
};
