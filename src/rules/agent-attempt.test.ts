import { expect, it } from 'vitest';
import type { AgentFailureReason, AgentOutcome } from '../domain/agent.ts';
import { afterTurn } from './agent-attempt.ts';

const broken = (reason: AgentFailureReason, retryable: boolean): AgentOutcome => ({
  kind: 'failed',
  reason,
  retryable,
  message: 'm',
});

it.each<[string, AgentOutcome, number, unknown]>([
  ['completed', { kind: 'completed' }, 1, { move: 'use' }],
  [
    'a limit',
    { kind: 'limited', until: 9, message: 'm' },
    1,
    { move: 'give-up', failure: { kind: 'agent-limited', until: 9, message: 'm' } },
  ],
  [
    'too much at once',
    { kind: 'limited', until: undefined, brief: true, message: 'm' },
    2,
    { move: 'again', afterMs: 20_000, thread: 'same' },
  ],
  [
    'too much at once, for the last time',
    { kind: 'limited', until: undefined, brief: true, message: 'm' },
    3,
    { move: 'give-up', failure: { kind: 'agent-limited', until: undefined, message: 'm' } },
  ],
  [
    'too much at once, until a time',
    { kind: 'limited', until: 9, brief: true, message: 'm' },
    1,
    { move: 'give-up', failure: { kind: 'agent-limited', until: 9, message: 'm' } },
  ],
  [
    'a login',
    { kind: 'auth', message: 'm' },
    1,
    { move: 'give-up', failure: { kind: 'agent-auth', message: 'm' } },
  ],
  [
    'our own stop',
    { kind: 'interrupted', message: 'm' },
    1,
    { move: 'give-up', failure: { kind: 'interrupted', message: 'm' } },
  ],
  [
    'the total time',
    { kind: 'timeout', message: 'm' },
    1,
    { move: 'give-up', failure: { kind: 'agent-silent', message: 'm' } },
  ],
  [
    'a first silence',
    { kind: 'stalled', waitingFor: 'model', message: 'm' },
    1,
    { move: 'again', afterMs: 0, thread: 'same' },
  ],
  [
    'a second silence',
    { kind: 'stalled', waitingFor: 'model', message: 'm' },
    2,
    { move: 'again', afterMs: 0, thread: 'fresh' },
  ],
  [
    'a third silence',
    { kind: 'stalled', waitingFor: 'model', message: 'm' },
    3,
    { move: 'give-up', failure: { kind: 'agent-silent', message: 'm' } },
  ],
  ['a server error', broken('server', true), 1, { move: 'again', afterMs: 2000, thread: 'same' }],
  ['a start that fails', broken('failed-start', true), 1, { move: 'again', afterMs: 2000, thread: 'same' }],
  ['another one', broken('failed-start', true), 2, { move: 'again', afterMs: 4000, thread: 'fresh' }],
  ['a full context', broken('context', true), 2, { move: 'again', afterMs: 4000, thread: 'fresh' }],
  [
    'a third server error',
    broken('server', true),
    3,
    { move: 'give-up', failure: { kind: 'agent-failed', message: 'm', retryable: true } },
  ],
  [
    'a wrong setting',
    broken('config', false),
    1,
    { move: 'give-up', failure: { kind: 'agent-failed', message: 'm', retryable: false } },
  ],
])('after %s', (_when, outcome, attempt, move) => {
  expect(afterTurn(outcome, attempt, 3)).toEqual(move);
});
