import { ciFacts } from './facts/ci-facts.ts';
import type { Field } from './facts/field.ts';
import { ideaFacts } from './facts/idea-facts.ts';
import { issueFacts } from './facts/issue-facts.ts';
import { landingFacts } from './facts/landing-facts.ts';
import { memoryFacts } from './facts/memory-facts.ts';
import { operatorTaskFacts } from './facts/operator-task-facts.ts';
import { recoveryFacts } from './facts/recovery-facts.ts';
import { reviewFacts } from './facts/review-facts.ts';
import { runFacts } from './facts/run-facts.ts';
import { sessionFacts } from './facts/session-facts.ts';
import { signalFacts } from './facts/signal-facts.ts';
import type { Instant } from './time.ts';

export type { Field } from './facts/field.ts';
export type { OperatorTaskEvidence } from './facts/operator-task-facts.ts';

/**
 * Every kind of fact the ledger knows, with its fields. A fact is past tense, is never edited, and carries
 * beside these fields the context it happened in (`run`, `cycle`, `repo`, `session`, `turn`, `task`).
 */
export const factTable = {
  ...runFacts,
  ...recoveryFacts,
  ...sessionFacts,
  ...signalFacts,
  ...landingFacts,
  ...reviewFacts,
  ...ciFacts,
  ...operatorTaskFacts,
  ...memoryFacts,
  ...issueFacts,
  ...ideaFacts,
} as const;

export type FactType = keyof typeof factTable;

/** Where a fact happened; the parts that apply. */
export interface FactContext {
  readonly run?: string | undefined;
  readonly cycle?: number | undefined;
  readonly repo?: string | undefined;
  readonly session?: string | undefined;
  readonly turn?: string | undefined;
  readonly task?: string | undefined;
}

type ValueOf<F> = F extends Field<infer Value> ? Value : never;
type FieldsOf<T extends FactType> = {
  readonly [K in keyof (typeof factTable)[T]['fields']]: ValueOf<(typeof factTable)[T]['fields'][K]>;
};
type Optional<T> = { readonly [K in keyof T as undefined extends T[K] ? K : never]?: T[K] } & {
  readonly [K in keyof T as undefined extends T[K] ? never : K]: T[K];
};

/** One fact of a given type. */
export type FactOf<T extends FactType> = { readonly type: T } & FactContext & Optional<FieldsOf<T>>;
export type Fact = { [T in FactType]: FactOf<T> }[FactType];

/** A fact in the ledger: with its moment and its place in the one order. */
export type LedgerEvent = Fact & { readonly at: Instant; readonly seq: number };
