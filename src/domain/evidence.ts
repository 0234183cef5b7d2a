import type { Instant } from './time.ts';

/** Who observed what where. Computed by us from that, never asserted by anybody. */
export type EvidenceLabel = 'direct' | 'local' | 'proxy' | 'blocked';

/** One observation of one check on one tree. */
export interface Evidence {
  readonly check: string;
  readonly command: string;
  /** Undefined when the check never ran to an exit: see `note`. */
  readonly exitCode: number | undefined;
  readonly seconds: number;
  readonly label: EvidenceLabel;
  /** The git tree (or commit, for CI) that was looked at. */
  readonly tree: string;
  readonly at: Instant;
  /** What a person should know: timed out, `red before us`, why it is blocked. */
  readonly note?: string | undefined;
  /** Where the whole output is, relative to the run's log folder. */
  readonly log?: string | undefined;
}
