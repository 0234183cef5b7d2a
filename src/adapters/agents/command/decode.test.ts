import { readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import type { AgentEvent } from '../../../domain/agent.ts';
import { type CommandState, decodeCommand, newCommandState } from './decode.ts';

function decode(...lines: (string | object)[]): { events: AgentEvent[]; state: CommandState } {
  const state = newCommandState();
  const events = lines.flatMap((line) =>
    decodeCommand(typeof line === 'string' ? line : JSON.stringify(line), state),
  );
  return { events, state };
}

const tokens = { inputTokens: 5, cachedInputTokens: 0, outputTokens: 2, reasoningTokens: 0 };

describe('a line of a command', () => {
  it.each<[what: string, line: string | object, events: AgentEvent[], state: Partial<CommandState>]>([
    ['a thread', { type: 'thread', id: 't' }, [{ kind: 'thread', id: 't' }], { thread: 't' }],
    ['a message', { type: 'text', text: 'hi' }, [{ kind: 'text', text: 'hi' }], { answer: 'hi' }],
    [
      'a thought',
      { type: 'thinking', text: 'hm' },
      [{ kind: 'thinking', text: 'hm' }],
      { answer: undefined },
    ],
    ['an answer', { type: 'answer', text: 'yes' }, [{ kind: 'text', text: 'yes' }], { answer: 'yes' }],
    [
      'an answer in JSON',
      { type: 'answer', json: { a: [1] } },
      [{ kind: 'text', text: '{"a":[1]}' }],
      { answer: '{"a":[1]}' },
    ],
    [
      'a command that starts',
      { type: 'command', phase: 'start', id: '1', command: 'make' },
      [{ kind: 'command', phase: 'start', id: '1', command: 'make' }],
      { openCommands: new Set(['1']) },
    ],
    [
      'a command that ends',
      { type: 'command', phase: 'end', id: '1', command: 'make', exitCode: 2 },
      [{ kind: 'command', phase: 'end', id: '1', command: 'make', exitCode: 2 }],
      { openCommands: new Set() },
    ],
    ['an edit', { type: 'edit', paths: ['a', 7] }, [{ kind: 'edit', paths: ['a'], succeeded: true }], {}],
    [
      'an edit that failed',
      { type: 'edit', succeeded: false },
      [{ kind: 'edit', paths: [], succeeded: false }],
      {},
    ],
    [
      'a tool',
      { type: 'tool', phase: 'end', id: '2', name: 'look' },
      [{ kind: 'tool', phase: 'end', id: '2', name: 'look' }],
      {},
    ],
    [
      'a retry',
      { type: 'retry', reason: 'busy', status: 503 },
      [{ kind: 'retry', reason: 'busy', status: 503 }],
      {},
    ],
    ['a warning', { type: 'warning', message: 'w' }, [{ kind: 'warning', message: 'w' }], {}],
    [
      'tokens',
      { type: 'usage', inputTokens: 5, outputTokens: 2.2, reasoningTokens: -3, cachedInputTokens: 'x' },
      [{ kind: 'usage', scope: 'turn', usage: tokens }],
      { usage: tokens },
    ],
    [
      'a limit',
      { type: 'limited', until: '2026-11-21T14:05:00Z', message: 'full' },
      [{ kind: 'failure', message: 'full' }],
      { ending: { kind: 'limited', until: Date.parse('2026-11-21T14:05:00Z'), message: 'full' } },
    ],
    [
      'a limit without an end',
      { type: 'limited', until: 'soon' },
      [{ kind: 'failure', message: 'limited' }],
      { ending: { kind: 'limited', until: undefined, message: 'limited' } },
    ],
    [
      'no login',
      { type: 'auth', message: 'who?' },
      [{ kind: 'failure', message: 'who?' }],
      { ending: { kind: 'auth', message: 'who?' } },
    ],
    [
      'a failure',
      { type: 'failed', reason: 'server', message: 'no' },
      [{ kind: 'failure', message: 'no' }],
      { ending: { kind: 'failed', reason: 'server', retryable: true, message: 'no' } },
    ],
    [
      'a failure without a word',
      { type: 'failed' },
      [{ kind: 'failure', message: 'it failed and did not say why' }],
      {
        ending: {
          kind: 'failed',
          reason: 'model',
          retryable: true,
          message: 'it failed and did not say why',
        },
      },
    ],
    [
      'a failure for good',
      { type: 'failed', reason: 'network', retryable: false, message: 'no' },
      [{ kind: 'failure', message: 'no' }],
      { ending: { kind: 'failed', reason: 'network', retryable: false, message: 'no' } },
    ],
    [
      'a failure of settings, which no retry mends',
      { type: 'failed', reason: 'config', retryable: true, message: 'no' },
      [{ kind: 'failure', message: 'no' }],
      { ending: { kind: 'failed', reason: 'config', retryable: false, message: 'no' } },
    ],
    [
      'a failure for a reason unknown',
      { type: 'failed', reason: 'mood', message: 'no' },
      [{ kind: 'failure', message: 'no' }],
      { ending: { kind: 'failed', reason: 'model', retryable: true, message: 'no' } },
    ],
    ['the end', { type: 'completed' }, [{ kind: 'completed' }], { completed: true }],
  ])('can be %s', (_what, line, events, state) => {
    const decoded = decode(line);
    expect(decoded.events).toEqual(events);
    expect(decoded.state).toMatchObject({ events: 1, ...state });
  });

  it.each<[what: string, line: string | object, events: AgentEvent[]]>([
    ['something new', { type: 'dream' }, [{ kind: 'other', type: 'dream' }]],
    ['a thread without a name', { type: 'thread' }, [{ kind: 'other', type: 'thread' }]],
    ['a message without words', { type: 'text', text: 7 }, [{ kind: 'other', type: 'text' }]],
    ['a command in no phase', { type: 'command', id: '1' }, [{ kind: 'other', type: 'command' }]],
    ['an answer of nothing', { type: 'answer' }, [{ kind: 'other', type: 'answer' }]],
    ['no JSON', 'Hello!', [{ kind: 'other', type: 'unreadable' }]],
    ['JSON of another form', '"completed"', [{ kind: 'other', type: 'unreadable' }]],
    ['nothing', '', []],
  ])('counts for nothing when it is %s', (_what, line, events) => {
    const decoded = decode(line);
    expect(decoded.events).toEqual(events);
    expect(decoded.state).toEqual(newCommandState());
  });
});

it('answers with its last message', () => {
  expect(decode({ type: 'text', text: 'a' }, { type: 'text', text: 'b' }).state.answer).toBe('b');
});

it('answers with an answer, whatever else it says', () => {
  const { state } = decode(
    { type: 'text', text: 'a' },
    { type: 'answer', text: 'b' },
    { type: 'text', text: 'c' },
  );
  expect(state.answer).toBe('b');
});

it('understands every line of its document', () => {
  const document = readFileSync(path.join(import.meta.dirname, '../../../../docs/AGENTS.md'), 'utf8');
  const lines = [...document.matchAll(/^\| `(\{"type":.*?\})`/gm)].map(([, line]) =>
    (line ?? '').replace('{…}', '{}'),
  );
  expect(lines.length).toBeGreaterThan(12);
  for (const line of lines) expect([line, decode(line).state.events]).toEqual([line, 1]);
});
