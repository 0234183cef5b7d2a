import type { LedgerEvent } from '../../domain/fact.ts';
import type { SessionView } from '../views.ts';
import { cut } from './bounds.ts';

const mostRuns = 50;

/** What CI says of what a session landed, its fix passes included. */
export function sessionCi(view: SessionView, event: LedgerEvent): SessionView {
  switch (event.type) {
    case 'watch-started':
      return {
        ...view,
        ci: {
          sha: event.sha,
          state: 'pending',
          attempts: event.takesBack ? (view.ci?.attempts ?? 0) : event.attempt,
          runs: [],
          why: cut(event.expected.why),
          url: undefined,
        },
      };
    case 'watch-saw':
      return view.ci?.sha === event.sha
        ? { ...view, ci: { ...view.ci, runs: event.runs.slice(-mostRuns) } }
        : view;
    case 'fix-started':
      return view.ci ? { ...view, ci: { ...view.ci, state: 'fixing', attempts: event.attempt } } : view;
    case 'watch-ended':
      return view.ci
        ? { ...view, ci: { ...view.ci, state: event.verdict, why: cut(event.why), url: event.url } }
        : view;
    default:
      return view;
  }
}
