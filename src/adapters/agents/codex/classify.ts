import type { AgentFailureReason, AgentOutcome } from '../../../domain/agent.ts';
import type { Instant } from '../../../domain/time.ts';
import type { CommandEnd } from '../../../ports/commands.ts';
import { parseRecord, recordAt, textAt } from '../records.ts';
import type { CodexState } from './decode.ts';
import { resetTimeInWords } from './reset-time.ts';
import type { Rollout } from './rollout.ts';

/** All that is known of a turn of codex when it is over. */
export interface CodexEnd {
  readonly end: CommandEnd;
  readonly state: CodexState;
  readonly rollout: Rollout;
  /** Whether a structured answer was asked for. */
  readonly answerWanted: boolean;
  /** Set when we ended it because it did nothing but try again. */
  readonly gaveUp: boolean;
  readonly now: Instant;
  /** In which codex tells times. */
  readonly timeZone: string;
}

/** Why a turn ended, by what we did ourselves, then by typed events and exit status, never by words of the transcript. */
export function classifyCodex(turn: CodexEnd): AgentOutcome {
  return stoppedByUs(turn) ?? notBegun(turn) ?? finished(turn) ?? failedByType(turn) ?? failedInWords(turn);
}

function stoppedByUs({ end, state, gaveUp, ...turn }: CodexEnd): AgentOutcome | undefined {
  const { retry } = state;
  switch (end.ending) {
    case 'not-started':
      return failure('failed-start', false, end.message ?? 'codex did not start');
    case 'timeout':
      return { kind: 'timeout', message: 'the turn took longer than it may' };
    case 'silent':
      return { kind: 'stalled', ...silence(state) };
    case 'flooded':
      return failure('crash', false, 'codex printed more than 1 GiB and was ended');
    case 'stopped':
      if (!gaveUp || !retry) return { kind: 'interrupted', message: 'the turn was stopped' };
      return retry.status === 429
        ? limited(retry.reason, [], turn)
        : { kind: 'stalled', waitingFor: 'network', message: retry.reason };
    case 'exited':
      return undefined;
  }
}

function silence({ retry, openCommands }: CodexState): {
  waitingFor: 'network' | 'command' | 'model';
  message: string;
} {
  if (retry) return { waitingFor: 'network', message: retry.reason };
  if (openCommands.size > 0) return { waitingFor: 'command', message: 'a command of codex hung' };
  return { waitingFor: 'model', message: 'codex said nothing for too long' };
}

/** Failures of the start print no event at all: that is how they are known. */
function notBegun({ end, state }: CodexEnd): AgentOutcome | undefined {
  if (state.thread !== undefined) return undefined;
  const message = whatStderrSays(end) || 'codex ended without one event';
  const settings = end.exitCode === 2 || /\bconfig(uration|\.toml)?\b/i.test(message);
  return failure(settings ? 'config' : 'failed-start', !settings, message);
}

function finished({ end, state, answerWanted }: CodexEnd): AgentOutcome | undefined {
  if (end.exitCode !== 0) return undefined;
  const { inputTokens = 0, outputTokens = 0 } = state.threadUsage ?? {};
  if (state.work === 0 && inputTokens + outputTokens === 0) {
    return failure('failed-start', true, 'codex ended well without one token or message');
  }
  if (!state.completed) return failure('crash', true, 'codex ended before its turn was over');
  if (answerWanted && state.answer === undefined) {
    return failure('unanswered', true, 'codex ended its turn without an answer');
  }
  return { kind: 'completed' };
}

/** What codex wrote into its rollout. */
function failedByType(turn: CodexEnd): AgentOutcome | undefined {
  const { cause, fullUntil } = turn.rollout;
  const message = turn.state.failure ?? cause?.name ?? '';
  switch (cause?.name) {
    case undefined:
      return undefined;
    case 'usage_limit_exceeded':
      return limitOrBill(message, fullUntil, turn);
    case 'rate_limit_exceeded':
      return tooMuchAtOnce(message, turn);
    case 'unauthorized':
      return { kind: 'auth', message };
    case 'model_not_found':
      return failure('config', false, message);
    case 'context_window_exceeded':
      return failure('context', true, message);
    case 'internal_server_error':
    case 'server_overloaded':
      return failure('server', true, message);
    case 'invalid_prompt':
    case 'bad_request':
      return failure('model', false, message);
    case 'http_connection_failed':
    case 'response_stream_connection_failed':
      return cause.status === undefined
        ? failure('network', true, message)
        : byStatus(cause.status, message, turn);
    case 'response_too_many_failed_attempts':
      return byStatus(cause.status ?? 429, message, turn);
    default:
      return undefined;
  }
}

/** What `turn.failed` or `error` said, for the causes that have no type; else what became of the process. */
function failedInWords(turn: CodexEnd): AgentOutcome {
  const { end, state } = turn;
  const message = state.failure;
  if (message === undefined) {
    const how = end.signal === undefined ? `exit code ${end.exitCode ?? 'unknown'}` : `signal ${end.signal}`;
    return failure('crash', true, `codex ended with ${how}. ${whatStderrSays(end)}`.trim());
  }
  const status = /\b(?:unexpected|last) status:? (\d{3})\b/.exec(message)?.[1];
  if (status !== undefined) return byStatus(Number(status), message, turn);
  if (/^Missing environment variable/i.test(message)) return { kind: 'auth', message };
  if (/hit your usage limit|^Quota exceeded|^To use Codex with your/i.test(message)) {
    return limitOrBill(message, turn.rollout.fullUntil, turn);
  }
  if (/^rate limit exceeded/i.test(message)) return tooMuchAtOnce(message, turn);
  if (/^stream disconnected|idle timeout|high demand|at capacity/i.test(message)) {
    return failure('server', true, message);
  }
  if (/^connection failed|error sending request/i.test(message)) return failure('network', true, message);
  if (/ran out of room/i.test(message)) return failure('context', true, message);
  return failure('model', true, refusalIn(message) ?? message);
}

/** Of a request that the server did not like (HTTP 400), codex tells the whole body. */
function refusalIn(message: string): string | undefined {
  return textAt(recordAt(parseRecord(message), 'error'), 'message');
}

function byStatus(status: number, message: string, turn: CodexEnd): AgentOutcome {
  if (status === 401 || status === 403) return { kind: 'auth', message };
  if (status === 429) return tooMuchAtOnce(message, turn);
  if (status === 413) return failure('context', true, message);
  if (status === 404) return failure('config', false, message);
  return status >= 500 ? failure('server', true, message) : failure('model', false, message);
}

/** A spent quota and a plan without codex come under the name of a usage limit, but waiting does not help. */
function limitOrBill(message: string, fullUntil: readonly Instant[], turn: CodexEnd): AgentOutcome {
  const outcome = limited(message, fullUntil, turn);
  const bill = /quota exceeded|upgrade to plus|to use codex with your/i.test(message);
  return bill && outcome.until === undefined ? { kind: 'auth', message } : outcome;
}

function tooMuchAtOnce(message: string, turn: CodexEnd): AgentOutcome {
  return { ...limited(message, [], turn), brief: true };
}

function limited(
  message: string,
  fullUntil: readonly Instant[],
  { now, timeZone }: Pick<CodexEnd, 'now' | 'timeZone'>,
): Extract<AgentOutcome, { kind: 'limited' }> {
  const until = fullUntil.length > 0 ? Math.max(...fullUntil) : resetTimeInWords(message, now, timeZone);
  return { kind: 'limited', until, message };
}

function failure(reason: AgentFailureReason, retryable: boolean, message: string): AgentOutcome {
  return { kind: 'failed', reason, retryable, message };
}

/** Standard error without what codex always says, at most its last 600 characters. */
function whatStderrSays({ stderrTail }: CommandEnd): string {
  const noise = /^(Reading (additional input|prompt) from stdin|WARNING: proceeding)/;
  const lines = stderrTail.split('\n').filter((line) => line.trim() !== '' && !noise.test(line));
  return lines.join('\n').slice(-600);
}
