import type { Finding } from './change.ts';
import type { Instant } from './time.ts';

/** What a blocked session waits for. */
export type BlockedBy = 'human' | 'access' | 'budget' | 'limit' | 'contract' | 'environment' | 'agent';

/** An expected early end of a session. What we do about each is judged in `rules/after-failure.ts`. */
export type SessionFailure =
  | { readonly kind: 'repo-busy'; readonly holder: string }
  | { readonly kind: 'repo-unusable'; readonly message: string; readonly hint: string }
  | { readonly kind: 'workspace-unusable'; readonly message: string; readonly hint: string }
  | { readonly kind: 'remote-unreachable'; readonly message: string; readonly hint: string }
  /** What was accepted waits under its ref, and is landed when the remote is back. */
  | { readonly kind: 'landing-unreachable'; readonly message: string; readonly hint: string }
  | { readonly kind: 'access-refused'; readonly message: string; readonly hint: string }
  | { readonly kind: 'agent-failed'; readonly message: string; readonly retryable: boolean }
  | { readonly kind: 'agent-limited'; readonly until: Instant | undefined; readonly message: string }
  | { readonly kind: 'agent-auth'; readonly message: string }
  | { readonly kind: 'agent-silent'; readonly message: string }
  | { readonly kind: 'answer-unreadable'; readonly message: string }
  | { readonly kind: 'gate-refused'; readonly findings: readonly Finding[] }
  | { readonly kind: 'tasks-rejected'; readonly message: string }
  | { readonly kind: 'conflict'; readonly message: string }
  | { readonly kind: 'tip-kept-moving'; readonly attempts: number }
  | { readonly kind: 'checkout-in-the-way'; readonly message: string }
  | { readonly kind: 'lease-lost'; readonly message: string }
  | {
      readonly kind: 'held-for-review';
      readonly message: string;
      /** The agent that did not come to an end before, and why: its account may have to be parked. */
      readonly stopped?: { readonly agent: string; readonly failure: SessionFailure } | undefined;
    }
  | { readonly kind: 'interrupted'; readonly message: string };
