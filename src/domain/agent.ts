import type { Instant } from './time.ts';

export const turnKinds = ['plan', 'task', 'repair', 'ci-fix', 'review', 'cleanup', 'summary'] as const;
/** One agent process, launch to exit, has one of these kinds. */
export type TurnKind = (typeof turnKinds)[number];

/** Tokens of one turn (not of the whole thread). */
export interface Usage {
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
  readonly reasoningTokens: number;
}

export const noUsage: Usage = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0, reasoningTokens: 0 };

export function addUsage(a: Usage, b: Usage): Usage {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    cachedInputTokens: a.cachedInputTokens + b.cachedInputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    reasoningTokens: a.reasoningTokens + b.reasoningTokens,
  };
}

/** What an agent says while it works, in words common to all agents. Unknown events become `other`. */
export type AgentEvent =
  | { readonly kind: 'thread'; readonly id: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'thinking'; readonly text: string }
  | {
      readonly kind: 'command';
      readonly phase: 'start' | 'end';
      readonly id: string;
      readonly command: string;
      readonly exitCode?: number | null | undefined;
    }
  | { readonly kind: 'edit'; readonly paths: readonly string[]; readonly succeeded: boolean }
  | { readonly kind: 'tool'; readonly phase: 'start' | 'end'; readonly id: string; readonly name: string }
  | { readonly kind: 'retry'; readonly reason: string; readonly status?: number | undefined }
  | { readonly kind: 'usage'; readonly scope: 'turn' | 'thread'; readonly usage: Usage }
  | { readonly kind: 'warning'; readonly message: string }
  | { readonly kind: 'failure'; readonly message: string }
  | { readonly kind: 'completed' }
  | { readonly kind: 'other'; readonly type: string };

/** Why a turn that failed did, where the agent itself told us by type. */
export type AgentFailureReason =
  | 'failed-start'
  | 'config'
  | 'model'
  | 'context'
  | 'server'
  | 'network'
  | 'crash'
  | 'unanswered';

/** How a turn ended. Every case has one typed cause; words of a transcript never decide. */
export type AgentOutcome =
  | { readonly kind: 'completed' }
  | {
      readonly kind: 'failed';
      readonly reason: AgentFailureReason;
      readonly retryable: boolean;
      readonly message: string;
    }
  | {
      readonly kind: 'limited';
      /** When the account may go on; undefined when nobody said. */
      readonly until: Instant | undefined;
      /** Too much at once rather than too much: without a time it is over soon. */
      readonly brief?: boolean | undefined;
      readonly message: string;
    }
  | { readonly kind: 'auth'; readonly message: string }
  | { readonly kind: 'timeout'; readonly message: string }
  | {
      readonly kind: 'stalled';
      readonly waitingFor: 'model' | 'command' | 'network';
      readonly message: string;
    }
  | { readonly kind: 'interrupted'; readonly message: string };

/** A finished turn: how it ended and everything it left besides files. */
export interface TurnResult {
  readonly outcome: AgentOutcome;
  /** The thread to resume, when one was started. */
  readonly thread: string | undefined;
  /** The last message of the agent: the structured answer when a schema was given. Not validated. */
  readonly answer: string | undefined;
  readonly usage: Usage;
  readonly seconds: number;
  /** How many events the agent sent: zero events, zero tokens and zero change is a failed start. */
  readonly events: number;
}
