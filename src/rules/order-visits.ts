import { compareText } from '../domain/compare-text.ts';
import type { Repo } from '../domain/repo.ts';
import type { Instant } from '../domain/time.ts';

export interface Candidate {
  readonly repo: Repo;
  readonly ciRed: boolean;
  readonly operatorTasks: number;
  readonly lastVisit: Instant | undefined;
}

/** Operator tasks waiting, CI red on the branch, never touched, then longest untouched; pins break ties. */
export function orderVisits(candidates: readonly Candidate[]): readonly Candidate[] {
  return [...candidates].sort(
    (a, b) =>
      Number(b.operatorTasks > 0) - Number(a.operatorTasks > 0) ||
      Number(b.ciRed) - Number(a.ciRed) ||
      (a.lastVisit ?? -1) - (b.lastVisit ?? -1) ||
      Number(b.repo.pinned) - Number(a.repo.pinned) ||
      compareText(a.repo.name, b.repo.name),
  );
}
