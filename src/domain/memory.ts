import type { Sha } from './repo.ts';
import type { Instant } from './time.ts';

/** How sure we are of what we remember. */
export type Confidence = 'high' | 'medium' | 'low';

/** `trusted`: our code and tests. `untrusted`: issues, web, logs. */
export type Trust = 'trusted' | 'untrusted';

/** The sections of PROJECT_MEMORY.md, in the order of the file. */
export const memorySections = [
  'Objective',
  'Architecture Snapshot',
  'Open Problems',
  'Recent Decisions',
  'Mistakes And Fixes',
  'Known Risks',
  'Next Prioritized Tasks',
  'Verification Evidence',
  'Historical Summary',
] as const;
export type MemorySection = (typeof memorySections)[number];

/** One remembered thing of PROJECT_MEMORY.md. */
export interface MemoryEntry {
  readonly at: Instant;
  readonly section: MemorySection;
  readonly decision: string;
  readonly why: string;
  /** What it rests on, with its label: `local: npm test exited 0`. */
  readonly evidence: string;
  /** Undefined: nothing landed. */
  readonly commit: Sha | undefined;
  readonly confidence: Confidence;
  readonly trust: Trust;
  readonly followUp: string | undefined;
}

/** What an incident is written for: a real failure only. */
export type IncidentTrigger = 'red-ci' | 'revert' | 'over-claim' | 'exhausted-repair';

/** A real failure, with what it teaches. */
export interface Incident {
  readonly at: Instant;
  readonly trigger: IncidentTrigger;
  /** What happened, in one line. */
  readonly title: string;
  readonly impact: string;
  readonly rootCause: string;
  readonly fix: string;
  readonly prevention: string;
  readonly evidence: string;
  readonly commit: Sha | undefined;
  readonly confidence: Confidence;
  /** `trusted`: the words are ours. Undefined: untrusted, since whoever wrote them may have read a log. */
  readonly trust?: Trust | undefined;
}

/** What a session changes in CLONE_FEATURES.md. */
export interface BacklogNews {
  readonly implemented: readonly {
    readonly at: Instant;
    readonly title: string;
    readonly evidence: string;
  }[];
  /** Follow-ups that may become work. */
  readonly candidates: readonly string[];
  readonly insights: readonly string[];
}

/** The files that remember, by what they hold. */
export const memoryFiles = {
  contract: 'AGENTS.md',
  memory: 'PROJECT_MEMORY.md',
  incidents: 'INCIDENTS.md',
  backlog: 'CLONE_FEATURES.md',
} as const;

/** One of the files that remember. */
export type MemoryKind = keyof typeof memoryFiles;

/** Why a file is not read, and never written over. */
export interface MemoryProblem {
  readonly kind: 'too-large' | 'not-utf8' | 'nul' | 'conflict-markers' | 'markers';
  readonly file: string;
  /** Counted from 1; undefined: the file as a whole. */
  readonly line: number | undefined;
  /** What is wrong, for a person: `has a conflict marker`. */
  readonly message: string;
  readonly hint: string;
}

/** What does not fit the format of a file. */
export interface MemoryFinding {
  /** Counted from 1. */
  readonly line: number;
  readonly message: string;
}

/** Text for a prompt, apart by trust; both together are no longer than was asked for. */
export interface Halves {
  readonly trusted: string;
  readonly untrusted: string;
}
