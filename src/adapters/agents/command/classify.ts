import type { AgentFailureReason, AgentOutcome } from '../../../domain/agent.ts';
import type { CommandEnd } from '../../../ports/commands.ts';
import type { CommandState } from './decode.ts';

/** Why a turn ended: by what we did ourselves, then by what the program said in the words of the contract. */
export function classifyCommand(end: CommandEnd, state: CommandState, answerWanted: boolean): AgentOutcome {
  switch (end.ending) {
    case 'not-started':
      return failure('failed-start', false, end.message ?? 'the program did not start');
    case 'timeout':
      return { kind: 'timeout', message: 'the turn took longer than it may' };
    case 'silent': {
      const waitingFor = state.openCommands.size > 0 ? 'command' : 'model';
      return { kind: 'stalled', waitingFor, message: 'the program said nothing for too long' };
    }
    case 'flooded':
      return failure('crash', false, 'the program printed more than 1 GiB and was ended');
    case 'stopped':
      return { kind: 'interrupted', message: 'the turn was stopped' };
    case 'exited':
      return state.ending ?? afterExit(end, state, answerWanted);
  }
}

function afterExit(end: CommandEnd, state: CommandState, answerWanted: boolean): AgentOutcome {
  const how = end.signal === undefined ? `exit code ${end.exitCode ?? 'unknown'}` : `signal ${end.signal}`;
  const message = `the program ended with ${how}. ${end.stderrTail.trim().slice(-600)}`.trim();
  if (state.events === 0) {
    // Its own words would say why it failed; a program that is content has none.
    const mute =
      end.exitCode === 0 ? `${message} It printed no event of the contract (docs/AGENTS.md).` : message;
    return failure('failed-start', true, mute);
  }
  if (end.exitCode !== 0) return failure('crash', true, message);
  if (!state.completed) return failure('crash', true, 'the program ended before its turn was completed');
  if (answerWanted && state.answer === undefined) {
    return failure('unanswered', true, 'the program completed its turn without an answer');
  }
  return { kind: 'completed' };
}

function failure(reason: AgentFailureReason, retryable: boolean, message: string): AgentOutcome {
  return { kind: 'failed', reason, retryable, message };
}
