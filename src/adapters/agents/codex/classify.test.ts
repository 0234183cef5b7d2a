import { describe, expect, it } from 'vitest';

import type { AgentOutcome } from '../../../domain/agent.ts';
import type { CommandEnd } from '../../../ports/commands.ts';
import { type CodexEnd, classifyCodex } from './classify.ts';
import { type CodexState, newCodexState } from './decode.ts';
import { noRollout, type Rollout } from './rollout.ts';

const now = Date.parse('2026-11-21T01:35:23Z');
const later = Date.parse('2026-11-21T03:35:23Z');
const usage = { inputTokens: 100, cachedInputTokens: 0, outputTokens: 5, reasoningTokens: 0 };
const ended: CommandEnd = {
  ending: 'exited',
  exitCode: 0,
  signal: undefined,
  seconds: 1,
  stderrTail: 'Reading additional input from stdin...\n',
  swept: 0,
};
const begun = { thread: 't-1', events: 2 };
const worked = { ...begun, completed: true, answer: 'done', work: 3, threadUsage: usage };
const failedWith = (failure: string): Partial<CodexState> => ({ ...begun, failure });

interface Known {
  readonly end?: Partial<CommandEnd>;
  readonly state?: Partial<CodexState>;
  readonly rollout?: Partial<Rollout>;
  readonly rest?: Partial<CodexEnd>;
}

function classify({ end, state, rollout, rest }: Known): AgentOutcome {
  return classifyCodex({
    end: { ...ended, ...end },
    state: { ...newCodexState(), ...state },
    rollout: { ...noRollout, ...rollout },
    answerWanted: false,
    gaveUp: false,
    now,
    timeZone: 'UTC',
    ...rest,
  });
}

/** The outcome in short: its kind, its reason, and whether to try again. */
function short(outcome: AgentOutcome): string {
  switch (outcome.kind) {
    case 'failed':
      return `${outcome.reason}${outcome.retryable ? ', retry' : ''}`;
    case 'limited':
      return `limited${outcome.until === undefined ? '' : ` for ${(outcome.until - now) / 1000} s`}`;
    case 'stalled':
      return `stalled, waiting for ${outcome.waitingFor}`;
    default:
      return outcome.kind;
  }
}

const retry429 = { reason: 'Reconnecting... 1/5 (last status: 429 Too Many Requests)', status: 429 };
const retryNetwork = { reason: 'Reconnecting... waiting for network (refused)', status: undefined };

describe('the way we ended it comes first', () => {
  it.each<[when: string, known: Known, outcome: string]>([
    ['its time was up', { end: { ending: 'timeout', exitCode: 1 }, state: worked }, 'timeout'],
    ['it was stopped', { end: { ending: 'stopped', exitCode: 1 }, state: begun }, 'interrupted'],
    ['it was stopped when it had done', { end: { ending: 'stopped' }, state: worked }, 'interrupted'],
    ['it flooded', { end: { ending: 'flooded' }, state: begun }, 'crash'],
    ['the model was silent', { end: { ending: 'silent' }, state: begun }, 'stalled, waiting for model'],
    [
      'a command was silent',
      { end: { ending: 'silent' }, state: { ...begun, openCommands: new Set(['item_1']) } },
      'stalled, waiting for command',
    ],
    [
      'the network was silent',
      { end: { ending: 'silent' }, state: { ...begun, retry: retryNetwork } },
      'stalled, waiting for network',
    ],
    [
      'it waited for the network, and we gave up',
      { end: { ending: 'stopped' }, state: { ...begun, retry: retryNetwork }, rest: { gaveUp: true } },
      'stalled, waiting for network',
    ],
    [
      'it sat on a 429, and we gave up',
      { end: { ending: 'stopped' }, state: { ...begun, retry: retry429 }, rest: { gaveUp: true } },
      'limited',
    ],
    [
      'it was not there',
      { end: { ending: 'not-started', exitCode: undefined, message: 'no such program' } },
      'failed-start',
    ],
  ])('%s', (_when, known, outcome) => {
    expect(short(classify(known))).toBe(outcome);
  });
});

describe('a turn that never began', () => {
  it.each<[when: string, known: Known, outcome: string]>([
    ['a flag is unknown', { end: { exitCode: 2, stderrTail: "error: unexpected argument '--x'" } }, 'config'],
    ['a setting is wrong', { end: { exitCode: 1, stderrTail: 'Error loading config.toml: bad' } }, 'config'],
    [
      'the thread is unknown',
      { end: { exitCode: 1, stderrTail: 'Error: no rollout found for thread id x' } },
      'failed-start, retry',
    ],
    ['it ends well, without a word', {}, 'failed-start, retry'],
    ['it is killed', { end: { exitCode: 137, signal: 'SIGKILL' } }, 'failed-start, retry'],
    ['it ends well, without a token', { state: { ...begun, completed: true } }, 'failed-start, retry'],
  ])('is known when %s', (_when, known, outcome) => {
    expect(short(classify(known))).toBe(outcome);
  });

  it('says what it said on standard error, without the noise', () => {
    const stderrTail =
      'Reading additional input from stdin...\nWARNING: proceeding, even though x\nno rollout found\n';
    expect(classify({ end: { exitCode: 1, stderrTail } })).toMatchObject({ message: 'no rollout found' });
  });
});

describe('a turn that ended well', () => {
  it.each<[when: string, known: Known, outcome: string]>([
    ['it is completed', { state: worked }, 'completed'],
    ['it is completed without tokens counted', { state: { ...worked, threadUsage: undefined } }, 'completed'],
    ['it says nothing, and nothing was asked', { state: { ...worked, answer: undefined } }, 'completed'],
    ['it answers', { state: worked, rest: { answerWanted: true } }, 'completed'],
    [
      'it does not answer',
      { state: { ...worked, answer: undefined }, rest: { answerWanted: true } },
      'unanswered, retry',
    ],
    ['a stream was cut on the way', { state: { ...worked, failure: 'stream disconnected' } }, 'completed'],
    ['it just stops', { state: { ...worked, completed: false } }, 'crash, retry'],
  ])('is judged when %s', (_when, known, outcome) => {
    expect(short(classify(known))).toBe(outcome);
  });
});

const exitedBadly = { exitCode: 1 };

describe('a failure with a type', () => {
  it.each<[name: string, status: number | undefined, message: string, outcome: string]>([
    ['usage_limit_exceeded', undefined, 'You’ve hit your usage limit. Try again later.', 'limited'],
    [
      'usage_limit_exceeded',
      undefined,
      'You’ve hit your usage limit. Try again at 3:35 AM.',
      'limited for 7237 s',
    ],
    ['usage_limit_exceeded', undefined, 'Quota exceeded. Check your plan and billing details.', 'auth'],
    ['usage_limit_exceeded', undefined, 'To use Codex with your ChatGPT plan, upgrade to Plus: x', 'auth'],
    [
      'usage_limit_exceeded',
      undefined,
      'You’ve hit your usage limit. Upgrade to Plus (x), or try again at 3:35 AM.',
      'limited for 7237 s',
    ],
    ['rate_limit_exceeded', undefined, 'rate limit exceeded: try again in 90s', 'limited for 90 s'],
    ['response_too_many_failed_attempts', 429, 'exceeded retry limit, last status: 429', 'limited'],
    ['response_too_many_failed_attempts', undefined, 'exceeded retry limit', 'limited'],
    ['response_too_many_failed_attempts', 503, 'exceeded retry limit, last status: 503', 'server, retry'],
    ['http_connection_failed', 401, 'unexpected status 401', 'auth'],
    ['http_connection_failed', 403, 'unexpected status 403', 'auth'],
    ['http_connection_failed', 404, 'unexpected status 404', 'config'],
    ['http_connection_failed', 413, 'unexpected status 413', 'context, retry'],
    ['http_connection_failed', 418, 'unexpected status 418', 'model'],
    ['http_connection_failed', 429, 'unexpected status 429', 'limited'],
    ['http_connection_failed', 502, 'unexpected status 502', 'server, retry'],
    ['http_connection_failed', undefined, 'Connection failed', 'network, retry'],
    ['unauthorized', undefined, 'no', 'auth'],
    ['model_not_found', undefined, 'The model does not exist.', 'config'],
    ['context_window_exceeded', undefined, 'ran out of room', 'context, retry'],
    ['internal_server_error', undefined, 'high demand', 'server, retry'],
    ['server_overloaded', undefined, 'at capacity', 'server, retry'],
    ['invalid_prompt', undefined, 'Invalid prompt', 'model'],
    ['bad_request', undefined, 'no', 'model'],
    ['other', undefined, 'stream disconnected before completion: x', 'server, retry'],
    ['something_new', undefined, 'surprise', 'model, retry'],
  ])('%s (%s) "%s"', (name, status, message, outcome) => {
    const known = { end: exitedBadly, state: failedWith(message), rollout: { cause: { name, status } } };
    expect(short(classify(known))).toBe(outcome);
  });

  it('is limited until the last full window opens', () => {
    const known = {
      end: exitedBadly,
      state: failedWith('You’ve hit your usage limit. Try again at 2:00 AM.'),
      rollout: { cause: { name: 'usage_limit_exceeded', status: undefined }, fullUntil: [now + 1000, later] },
    };
    expect(classify(known)).toMatchObject({ kind: 'limited', until: later });
  });

  it('counts before the words beside it', () => {
    const known = {
      end: exitedBadly,
      state: failedWith('You’ve hit your usage limit. Try again later.'),
      rollout: { cause: { name: 'internal_server_error', status: undefined } },
    };
    expect(short(classify(known))).toBe('server, retry');
  });
});

describe('a failure in words', () => {
  it.each<[message: string, outcome: string]>([
    ['unexpected status 401 Unauthorized: no, url: http://x', 'auth'],
    ['Missing environment variable: `MINE_KEY`.', 'auth'],
    ['You’ve hit your usage limit. Try again at 3:35 AM.', 'limited for 7237 s'],
    ['Quota exceeded. Check your plan and billing details.', 'auth'],
    ['exceeded retry limit, last status: 429 Too Many Requests', 'limited'],
    ['rate limit exceeded: slow down', 'limited'],
    ['stream disconnected before completion: idle timeout waiting for SSE', 'server, retry'],
    ['We’re currently experiencing high demand, which may cause temporary errors.', 'server, retry'],
    ['Connection failed: error sending request', 'network, retry'],
    ['Codex ran out of room in the model’s context window.', 'context, retry'],
    ['Incomplete response returned, reason: max_output_tokens', 'model, retry'],
    ['{"error":{"message":"bad"}}', 'model, retry'],
  ])('"%s"', (message, outcome) => {
    const rollout = { cause: { name: 'other', status: undefined } };
    expect(short(classify({ end: exitedBadly, state: failedWith(message), rollout }))).toBe(outcome);
    expect(short(classify({ end: exitedBadly, state: failedWith(message) }))).toBe(outcome);
  });

  it('is told without the JSON around it', () => {
    const state = failedWith('{"error":{"message":"Unsupported value: x.","code":"y"}}');
    expect(classify({ end: exitedBadly, state })).toMatchObject({ message: 'Unsupported value: x.' });
    expect(classify({ end: exitedBadly, state: failedWith('{"detail":"no"}') })).toMatchObject({
      message: '{"detail":"no"}',
    });
  });
});

describe('words of the transcript decide nothing', () => {
  it.each(['You’ve hit your usage limit. Try again at 3:35 AM.', 'unexpected status 401', 'Quota exceeded'])(
    '"%s" as an answer',
    (answer) => {
      expect(short(classify({ state: { ...worked, answer } }))).toBe('completed');
      expect(short(classify({ end: exitedBadly, state: { ...begun, answer, work: 1 } }))).toBe(
        'crash, retry',
      );
    },
  );
});

it('is a crash when something else killed it', () => {
  const outcome = classify({ end: { exitCode: 137, signal: 'SIGKILL' }, state: { ...begun, work: 2 } });
  expect(outcome).toMatchObject({
    kind: 'failed',
    reason: 'crash',
    message: 'codex ended with signal SIGKILL.',
  });
});
