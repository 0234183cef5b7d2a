import type { IdeaView } from '../views.ts';
import { cut } from './bounds.ts';
import type { Fold } from './fold.ts';

/** How far an idea has come. Taking it up anew forgets the steps of an earlier attempt under the same id. */
export const ideaFold: Fold<IdeaView> = {
  touches: (event) => ('idea' in event ? [event.idea] : []),
  fold(view, event) {
    switch (event.type) {
      case 'idea-taken-up':
        return {
          id: event.idea,
          title: cut(event.title),
          name: event.name,
          path: event.path,
          status: 'TRIAGED',
          why: '',
          hint: '',
          step: undefined,
          steps: {},
          movedAt: event.at,
        };
      case 'idea-step-began':
      case 'idea-step-ended': {
        if (view === undefined) return view;
        const { step, key, facts, at } = event;
        const done = event.type === 'idea-step-ended';
        return {
          ...view,
          step,
          status: 'TRIAGED',
          steps: { ...view.steps, [step]: { key, facts, done, at } },
        };
      }
      case 'idea-moved':
        if (view === undefined) return view;
        return {
          ...view,
          status: event.to,
          step: event.step ?? view.step,
          why: cut(event.why),
          hint: cut(event.hint ?? ''),
          movedAt: event.at,
        };
      default:
        return view;
    }
  },
  columns: (view) => ({ repo: view.name, state: view.status }),
};
