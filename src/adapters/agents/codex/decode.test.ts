import { describe, expect, it } from 'vitest';

import type { AgentEvent } from '../../../domain/agent.ts';
import { type CodexState, decodeCodex, newCodexState } from './decode.ts';

function decode(...lines: (string | object)[]): { events: AgentEvent[]; state: CodexState } {
  const state = newCodexState();
  const events = lines.flatMap((line) =>
    decodeCodex(typeof line === 'string' ? line : JSON.stringify(line), state),
  );
  return { events, state };
}

const item = (type: string, rest: object, phase = 'completed'): object => ({
  type: `item.${phase}`,
  item: { id: 'item_1', type, ...rest },
});
const command = { command: "/bin/bash -c 'make'", aggregated_output: '', status: 'in_progress' };
const usage = {
  input_tokens: 200,
  cached_input_tokens: 80,
  cache_write_input_tokens: 0,
  output_tokens: 40,
  reasoning_output_tokens: 10,
};
const ourUsage = { inputTokens: 200, cachedInputTokens: 80, outputTokens: 40, reasoningTokens: 10 };

describe('a line of codex', () => {
  it.each<[what: string, line: string | object, events: AgentEvent[]]>([
    ['a thread', { type: 'thread.started', thread_id: 't-1' }, [{ kind: 'thread', id: 't-1' }]],
    ['the start of a turn', { type: 'turn.started' }, [{ kind: 'other', type: 'turn.started' }]],
    ['a message', item('agent_message', { text: 'done' }), [{ kind: 'text', text: 'done' }]],
    ['a message not yet there', item('agent_message', {}, 'started'), []],
    ['a thought', item('reasoning', { text: 'hm' }), [{ kind: 'thinking', text: 'hm' }]],
    [
      'a command that starts',
      item('command_execution', { ...command, exit_code: null }, 'started'),
      [{ kind: 'command', phase: 'start', id: 'item_1', command: command.command }],
    ],
    [
      'a command that failed',
      item('command_execution', { ...command, exit_code: 2, status: 'failed' }),
      [{ kind: 'command', phase: 'end', id: 'item_1', command: command.command, exitCode: 2 }],
    ],
    [
      'a command without an exit code',
      item('command_execution', { ...command, exit_code: null }),
      [{ kind: 'command', phase: 'end', id: 'item_1', command: command.command, exitCode: null }],
    ],
    [
      'an edit',
      item('file_change', {
        changes: [
          { path: '/w/a', kind: 'add' },
          { path: '/w/b', kind: 'delete' },
        ],
        status: 'completed',
      }),
      [{ kind: 'edit', paths: ['/w/a', '/w/b'], succeeded: true }],
    ],
    [
      'an edit of nothing',
      item('file_change', { changes: [null, { path: 7 }, 'x'], status: 'failed' }),
      [{ kind: 'edit', paths: [], succeeded: false }],
    ],
    [
      'a tool of a server',
      item('mcp_tool_call', { server: 'demo', tool: 'add', status: 'in_progress' }, 'started'),
      [{ kind: 'tool', phase: 'start', id: 'item_1', name: 'demo/add' }],
    ],
    [
      'a web search, whose id comes twice',
      '{"type":"item.completed","item":{"id":"item_0","type":"web_search","id":"ws_1","query":"q"}}',
      [{ kind: 'tool', phase: 'end', id: 'ws_1', name: 'web_search' }],
    ],
    [
      'a further agent',
      item('collab_tool_call', { tool: 'spawn' }),
      [{ kind: 'tool', phase: 'end', id: 'item_1', name: 'spawn' }],
    ],
    [
      'a warning',
      item('error', { message: 'unknown model' }),
      [{ kind: 'warning', message: 'unknown model' }],
    ],
    ['a list of things to do', item('todo_list', { items: [] }), [{ kind: 'other', type: 'todo_list' }]],
    [
      'the end of a turn',
      { type: 'turn.completed', usage },
      [{ kind: 'usage', scope: 'thread', usage: ourUsage }, { kind: 'completed' }],
    ],
    ['a failure', { type: 'turn.failed', error: { message: 'no' } }, [{ kind: 'failure', message: 'no' }]],
    ['an error', { type: 'error', message: 'no' }, [{ kind: 'failure', message: 'no' }]],
    [
      'a retry',
      {
        type: 'error',
        message: 'Reconnecting... 2/5 (exceeded retry limit, last status: 429 Too Many Requests)',
      },
      [
        {
          kind: 'retry',
          reason: 'Reconnecting... 2/5 (exceeded retry limit, last status: 429 Too Many Requests)',
          status: 429,
        },
      ],
    ],
    [
      'a retry without a status',
      { type: 'error', message: 'Reconnecting... waiting for network (Connection failed)' },
      [
        {
          kind: 'retry',
          reason: 'Reconnecting... waiting for network (Connection failed)',
          status: undefined,
        },
      ],
    ],
    ['something new', { type: 'turn.dreamt' }, [{ kind: 'other', type: 'turn.dreamt' }]],
    ['a new kind of item', item('dream', {}), [{ kind: 'other', type: 'dream' }]],
    [
      'an item that is none',
      { type: 'item.completed', item: 7 },
      [{ kind: 'other', type: 'item.completed' }],
    ],
    ['a thread without a name', { type: 'thread.started' }, [{ kind: 'other', type: 'thread.started' }]],
    ['no JSON', 'thread panicked', [{ kind: 'other', type: 'unreadable' }]],
    ['half a line', '{"type":"item.comp', [{ kind: 'other', type: 'unreadable' }]],
    ['a list', '[1]', [{ kind: 'other', type: 'unreadable' }]],
    ['an event without a type', '{}', [{ kind: 'other', type: 'unreadable' }]],
    ['nothing', '  ', []],
  ])('can be %s', (_what, line, events) => {
    expect(decode(line).events).toEqual(events);
  });
});

it('is understood as a whole turn', () => {
  const { state } = decode(
    { type: 'thread.started', thread_id: 't-1' },
    item('error', { message: 'a warning' }),
    { type: 'turn.started' },
    item('command_execution', command, 'started'),
    item('command_execution', { ...command, exit_code: 0 }),
    item('agent_message', { text: 'first' }),
    item('agent_message', { text: 'last' }),
    { type: 'turn.completed', usage },
  );
  expect(state).toEqual({
    thread: 't-1',
    answer: 'last',
    failure: undefined,
    completed: true,
    threadUsage: ourUsage,
    retry: undefined,
    openCommands: new Set(),
    events: 8,
    work: 4,
  });
});

it('counts a command as open until it ends', () => {
  const start = item('command_execution', command, 'started');
  expect(decode(start).state.openCommands).toEqual(new Set(['item_1']));
  expect(decode(start, item('command_execution', command, 'updated')).state.openCommands.size).toBe(1);
  expect(decode(start, item('command_execution', command)).state.openCommands.size).toBe(0);
});

it('tells a failure once that is told twice', () => {
  const { events, state } = decode(
    { type: 'error', message: 'no room' },
    { type: 'turn.failed', error: { message: 'no room' } },
  );
  expect(events).toEqual([{ kind: 'failure', message: 'no room' }]);
  expect(state).toMatchObject({ failure: 'no room', completed: false });
});

it('is trying again until something else comes', () => {
  const retry = { type: 'error', message: 'Reconnecting... 1/5 (stream disconnected)' };
  expect(decode(retry).state.retry).toEqual({ reason: retry.message, status: undefined });
  expect(decode(retry, item('reasoning', { text: 'hm' })).state.retry).toBeUndefined();
  expect(decode(retry).state.failure).toBeUndefined();
});

it('takes missing tokens for none', () => {
  const none = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0, reasoningTokens: 0 };
  expect(decode({ type: 'turn.completed' }).state.threadUsage).toEqual(none);
  expect(decode({ type: 'turn.completed', usage: { input_tokens: 'many' } }).state.threadUsage).toEqual(none);
});
