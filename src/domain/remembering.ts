import type { Incident, MemoryEntry } from './memory.ts';
import type { Sha } from './repo.ts';
import type { Instant } from './time.ts';

/** What is remembered: an entry, an incident, a task that is done, or something that may become work. */
export type Memorable =
  | { readonly kind: 'entry'; readonly entry: Omit<MemoryEntry, 'commit'> }
  | {
      readonly kind: 'incident';
      readonly incident: Omit<Incident, 'commit'>;
      /** True: cause and rule are the words of the agent that mended it. */
      readonly lesson?: boolean | undefined;
    }
  | { readonly kind: 'done'; readonly at: Instant; readonly title: string; readonly evidence: string }
  | { readonly kind: 'candidate'; readonly title: string };

/** Something to be remembered, from when it happened until it has landed in the repository's own files. */
export interface Remembering {
  /** The same thing told again, with more known by then, has the same id. */
  readonly id: string;
  /** The session and the task that it comes from, where there is one. */
  readonly session: string | undefined;
  readonly task: string | undefined;
  /** True: it is worth nothing unless the work of its session lands. */
  readonly waits: boolean;
  /** The landed commit that it is about, as soon as there is one. */
  readonly commit: Sha | undefined;
  readonly what: Memorable;
}
