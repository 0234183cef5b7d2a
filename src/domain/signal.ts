import type { Trust } from './memory.ts';

/** What kind of reason it is. */
export type SignalKind =
  | 'operator-task'
  | 'ci-red'
  | 'never-visited'
  | 'trusted-issue'
  | 'unfinished'
  | 'landed-before'
  | 'new-commits'
  | 'objective-changed'
  | 'prompts-changed'
  | 'backlog'
  | 'memory-over-limit';

/** A reason to work on a repository, found by plain code. */
export interface Signal {
  readonly kind: SignalKind;
  /** Where it was seen: `operator`, `issue #12`, `CI`, `CLONE_FEATURES.md`, ... */
  readonly source: string;
  readonly trust: Trust;
  /** The higher, the sooner; only compared with scores of other signals. */
  readonly score: number;
  /** In words of ours, or of the person we work for: never a stranger's text. */
  readonly text: string;
}
