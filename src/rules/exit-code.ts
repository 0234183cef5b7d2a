import type { CiState } from '../domain/ci.ts';
import type { BlockedBy } from '../domain/failure.ts';
import type { SessionEnd } from '../domain/session-state.ts';

/** The exit code of a run (spec chapter 11), from how its sessions and their CI ended. */
export function exitCodeOf(run: {
  ends: readonly SessionEnd[];
  interrupted: boolean;
  /** Visits that found their repository held by another process. */
  busy: number;
  /** What accepted work, and repositories that were left out for it, still waited for when it looked last. */
  waiting: readonly BlockedBy[];
  ci: readonly CiState[];
}): number {
  if (run.interrupted) return 130;
  const ended = run.ends.filter((end) => end.state === 'blocked').map((end) => end.blockedBy);
  const blocks = new Set([...ended, ...run.waiting]);
  const blocked = (types: readonly BlockedBy[]): boolean => types.some((type) => blocks.has(type));
  const stayedRed = run.ci.includes('red') || run.ci.includes('reverted');
  if (run.ends.some((end) => end.state === 'failed' || end.state === 'rejected') || stayedRed) return 1;
  if (blocked(['budget', 'limit'])) return 3;
  if (blocked(['human', 'access', 'contract', 'environment', 'agent'])) return 4;
  if (run.busy > 0 && run.busy === run.ends.length) return 5;
  return 0;
}
