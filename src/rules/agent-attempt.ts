import type { AgentFailureReason, AgentOutcome } from '../domain/agent.ts';
import type { SessionFailure } from '../domain/failure.ts';
import { seconds } from '../domain/time.ts';

export type AfterTurn =
  | { readonly move: 'use' }
  | { readonly move: 'again'; readonly afterMs: number; readonly thread: 'same' | 'fresh' }
  | { readonly move: 'give-up'; readonly failure: SessionFailure };

/** What the end of an agent process means for its turn: use what it left, start it again, or give up. */
export function afterTurn(outcome: AgentOutcome, attempt: number, attempts: number): AfterTurn {
  const last = attempt >= attempts;
  switch (outcome.kind) {
    case 'completed':
      return { move: 'use' };
    case 'limited':
      // Codex itself does not try again when nobody says how long to wait.
      if (outcome.brief && outcome.until === undefined && !last)
        return { move: 'again', afterMs: seconds(5 * 2 ** attempt), thread: 'same' };
      return giveUp({ kind: 'agent-limited', until: outcome.until, message: outcome.message });
    case 'auth':
      return giveUp({ kind: 'agent-auth', message: outcome.message });
    case 'interrupted':
      return giveUp({ kind: 'interrupted', message: outcome.message });
    case 'timeout':
      return giveUp({ kind: 'agent-silent', message: outcome.message });
    case 'stalled':
      if (last) return giveUp({ kind: 'agent-silent', message: outcome.message });
      return { move: 'again', afterMs: 0, thread: attempt === 1 ? 'same' : 'fresh' };
    case 'failed':
      if (last || !outcome.retryable) {
        return giveUp({ kind: 'agent-failed', message: outcome.message, retryable: outcome.retryable });
      }
      return {
        move: 'again',
        afterMs: seconds(2 ** attempt),
        thread: isBeyond(outcome.reason, attempt) ? 'fresh' : 'same',
      };
  }
}

/** A context that is full stays full; a thread that twice cannot even be begun may be gone. */
function isBeyond(reason: AgentFailureReason, attempt: number): boolean {
  return reason === 'context' || (reason === 'failed-start' && attempt > 1);
}

function giveUp(failure: SessionFailure): AfterTurn {
  return { move: 'give-up', failure };
}
