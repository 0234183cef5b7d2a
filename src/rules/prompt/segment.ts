import type { Trust } from '../../domain/memory.ts';

/** A piece of a prompt: what it is, where it came from, and whether it may tell the agent what to do. */
export interface Segment {
  readonly name: string;
  /** `built-in plan.md`, `repos.yaml`, `PROJECT_MEMORY.md`, `issue #12`, ... */
  readonly source: string;
  /** `untrusted`: it stands between fences, as data. */
  readonly trust: Trust;
  readonly text: string;
}

/** What a variable brings into a prompt. */
export interface Part {
  readonly source: string;
  readonly trust: Trust;
  readonly text: string;
  /** Words of ours before it; they stand outside the fences. */
  readonly lead?: string | undefined;
  /** Untrusted text that whoever brings it has fenced. */
  readonly isFenced?: boolean | undefined;
}

/** The text that an agent is sent. */
export function textOf(segments: readonly Segment[]): string {
  return segments.map(({ text }) => text).join('');
}
