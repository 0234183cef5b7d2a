import type { LeaseView } from '../views.ts';
import type { Fold } from './fold.ts';

/** Who took a repository last. Each taking has a higher fence than every one before it. */
export const leaseFold: Fold<LeaseView> = {
  touches: (event) => (event.type === 'lease-taken' ? [event.key] : []),
  fold: (view, event) =>
    event.type === 'lease-taken'
      ? { key: event.key, fence: event.seq, holder: event.holder, pid: event.pid }
      : view,
  columns: () => ({}),
};
