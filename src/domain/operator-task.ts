/** Where a piece of work that a person asked for stands. */
export const operatorTaskStates = ['queued', 'claimed', 'done', 'blocked', 'cancelled'] as const;
export type OperatorTaskState = (typeof operatorTaskStates)[number];

const next: Readonly<Record<OperatorTaskState, readonly OperatorTaskState[]>> = {
  queued: ['claimed', 'cancelled'],
  claimed: ['queued', 'done', 'blocked', 'cancelled'],
  done: [],
  blocked: ['queued', 'cancelled'],
  cancelled: ['queued'],
};

/** Where an operator task may go from where it stands. A claim is given back by going to `queued`. */
export function taskMayGo(from: OperatorTaskState, to: OperatorTaskState): boolean {
  return next[from].includes(to);
}
