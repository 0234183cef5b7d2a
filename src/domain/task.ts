import type { Confidence } from './memory.ts';

export const taskKinds = [
  'feature',
  'fix',
  'test',
  'refactor',
  'docs',
  'chore',
  'security',
  'performance',
] as const;
export type TaskKind = (typeof taskKinds)[number];

/** One unit of planned work on one repository. */
export interface Task {
  readonly id: string;
  readonly title: string;
  readonly why: string;
  readonly kind: TaskKind;
  readonly acceptance: readonly string[];
  readonly paths: readonly string[];
  readonly risk: 'low' | 'medium' | 'high';
  /** Set when a person queued it: the id of the operator task. */
  readonly operatorTask?: string | undefined;
  /** The number of the issue that it answers. */
  readonly issue?: number | undefined;
}

/** What a plan turn answers. */
export type Plan =
  | { readonly kind: 'tasks'; readonly tasks: readonly Task[] }
  | { readonly kind: 'no-work'; readonly reason: string };

/** A statement of the agent about its own work. It is a claim, never evidence. */
export interface Claim {
  readonly text: string;
  readonly how: string;
}

/** What an agent proposes to remember: a decision about the architecture, a production fix, a new risk. Its words only. */
export interface MemoryProposal {
  readonly kind: 'decision' | 'fix' | 'risk';
  readonly decision: string;
  readonly why: string;
  readonly evidence: string;
  readonly confidence: Confidence;
  readonly followUp: string;
}

/** What a task turn hands back. */
export interface Handoff {
  readonly status: 'done' | 'blocked' | 'skipped';
  readonly summary: string;
  readonly commitMessage: string;
  readonly claims: readonly Claim[];
  readonly decisions: readonly string[];
  readonly followUps: readonly string[];
  readonly memory: readonly MemoryProposal[];
  /** Of what was mended, in a turn that mends; else empty. */
  readonly rootCause: string;
  readonly preventionRule: string;
}

/** How a task ended, as the ledger keeps it. */
export type TaskState = 'planned' | 'active' | 'done' | 'rejected' | 'blocked' | 'skipped' | 'dropped';
