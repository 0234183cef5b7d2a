import type { Run } from '../model.ts';

/** GitHub's concurrency groups: one run of a group works, one waits, a newer one takes the waiting place. */
export interface Concurrency {
  /** Whether the run may start now, and whom it pushes aside. */
  join(run: Run): { now: boolean; cancel: Run[] };
  /** The run is over; the answer is who comes next. */
  leave(run: Run): Run | undefined;
  /** The runs that wait for their group. */
  waiting(): Run[];
}

export function createConcurrency(): Concurrency {
  const groups = new Map<string, { working: Run | undefined; waiting: Run | undefined }>();
  return {
    join(run) {
      const key = keyOf(run);
      if (key === undefined) return { now: true, cancel: [] };
      const group = groups.get(key);
      if (group?.working === undefined) {
        groups.set(key, { working: run, waiting: undefined });
        return { now: true, cancel: [] };
      }
      const cancel = group.waiting === undefined ? [] : [group.waiting];
      group.waiting = run;
      if (run.plan.concurrency?.cancelInProgress === true) cancel.push(group.working);
      return { now: false, cancel };
    },
    leave(run) {
      const key = keyOf(run);
      const group = key === undefined ? undefined : groups.get(key);
      if (key === undefined || group === undefined) return undefined;
      if (group.waiting === run) group.waiting = undefined;
      if (group.working !== run) return undefined;
      const next = group.waiting;
      if (next === undefined) groups.delete(key);
      else groups.set(key, { working: next, waiting: undefined });
      return next;
    },
    waiting: () => [...groups.values()].map(({ waiting }) => waiting).filter((run) => run !== undefined),
  };
}

function keyOf(run: Run): string | undefined {
  const group = run.plan.concurrency?.group;
  return group === undefined ? undefined : `${String(run.repo.id)} ${group.toLowerCase()}`;
}
