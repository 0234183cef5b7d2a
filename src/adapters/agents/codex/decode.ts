import type { AgentEvent, Usage } from '../../../domain/agent.ts';
import { type JsonRecord, numberAt, parseRecord, recordAt, textAt } from '../records.ts';

/** What was heard of a turn so far. Changed by `decodeCodex` only. */
export interface CodexState {
  thread: string | undefined;
  /** The last message of the agent. */
  answer: string | undefined;
  /** The text of the last `error` or `turn.failed` that was no retry. */
  failure: string | undefined;
  completed: boolean;
  /** Of the whole thread so far, as codex counts. */
  threadUsage: Usage | undefined;
  /** Set while codex does nothing but try again. */
  retry: { readonly reason: string; readonly status: number | undefined } | undefined;
  readonly openCommands: Set<string>;
  /** Lines that were events. */
  events: number;
  /** Events that show work: a message, a thought, a command, an edit. */
  work: number;
}

export function newCodexState(): CodexState {
  return {
    thread: undefined,
    answer: undefined,
    failure: undefined,
    completed: false,
    threadUsage: undefined,
    retry: undefined,
    openCommands: new Set(),
    events: 0,
    work: 0,
  };
}

/** One line of `codex exec --json` in our words. Never throws; what it does not know becomes `other`. */
export function decodeCodex(line: string, state: CodexState): AgentEvent[] {
  if (line.trim() === '') return [];
  const event = parseRecord(line);
  const type = textAt(event, 'type');
  if (!event || type === undefined) return [{ kind: 'other', type: 'unreadable' }];

  state.events += 1;
  if (type === 'error') return decodeError(textAt(event, 'message') ?? '', state);
  state.retry = undefined;
  switch (type) {
    case 'thread.started': {
      const id = textAt(event, 'thread_id');
      if (id === undefined) return [{ kind: 'other', type }];
      state.thread = id;
      return [{ kind: 'thread', id }];
    }
    case 'turn.completed': {
      state.completed = true;
      state.threadUsage = usageOf(recordAt(event, 'usage'));
      return [{ kind: 'usage', scope: 'thread', usage: state.threadUsage }, { kind: 'completed' }];
    }
    case 'turn.failed': {
      const message = textAt(recordAt(event, 'error'), 'message') ?? '';
      const repeated = message === state.failure;
      state.failure = message;
      return repeated ? [] : [{ kind: 'failure', message }];
    }
    case 'item.started':
    case 'item.updated':
    case 'item.completed':
      return decodeItem(type, recordAt(event, 'item') ?? {}, state);
    default:
      return [{ kind: 'other', type }];
  }
}

/** Tokens as codex counts them; what is missing is zero. */
export function usageOf(usage: JsonRecord | undefined): Usage {
  return {
    inputTokens: numberAt(usage, 'input_tokens') ?? 0,
    cachedInputTokens: numberAt(usage, 'cached_input_tokens') ?? 0,
    outputTokens: numberAt(usage, 'output_tokens') ?? 0,
    reasoningTokens: numberAt(usage, 'reasoning_output_tokens') ?? 0,
  };
}

/** An `error` is not the end: most are reports of a retry. */
function decodeError(message: string, state: CodexState): AgentEvent[] {
  if (/^Reconnecting\b|waiting for network/i.test(message)) {
    const status = /\b(?:last|unexpected) status:? (\d{3})\b/.exec(message)?.[1];
    state.retry = { reason: message, status: status === undefined ? undefined : Number(status) };
    return [{ kind: 'retry', ...state.retry }];
  }
  state.retry = undefined;
  state.failure = message;
  return [{ kind: 'failure', message }];
}

function decodeItem(type: string, item: JsonRecord, state: CodexState): AgentEvent[] {
  const kind = textAt(item, 'type') ?? '';
  const id = textAt(item, 'id') ?? '';
  const done = type === 'item.completed';
  if (kind !== 'error') state.work += 1;

  switch (kind) {
    case 'agent_message': {
      const text = textAt(item, 'text');
      if (!done || text === undefined) return [];
      state.answer = text;
      return [{ kind: 'text', text }];
    }
    case 'reasoning':
      return done ? [{ kind: 'thinking', text: textAt(item, 'text') ?? '' }] : [];
    case 'command_execution':
      return decodeCommand(type, item, id, state);
    case 'file_change':
      return done ? [decodeEdit(item)] : [];
    case 'mcp_tool_call': {
      const name = [textAt(item, 'server'), textAt(item, 'tool')].filter(Boolean).join('/');
      return toolCall(type, id, name);
    }
    case 'web_search':
      return toolCall(type, id, kind);
    case 'collab_tool_call':
      return toolCall(type, id, textAt(item, 'tool') ?? kind);
    case 'error':
      return [{ kind: 'warning', message: textAt(item, 'message') ?? '' }];
    default:
      return [{ kind: 'other', type: kind === '' ? type : kind }];
  }
}

function decodeCommand(type: string, item: JsonRecord, id: string, state: CodexState): AgentEvent[] {
  const command = textAt(item, 'command') ?? '';
  switch (type) {
    case 'item.started':
      state.openCommands.add(id);
      return [{ kind: 'command', phase: 'start', id, command }];
    case 'item.completed':
      state.openCommands.delete(id);
      return [{ kind: 'command', phase: 'end', id, command, exitCode: numberAt(item, 'exit_code') ?? null }];
    default:
      return [];
  }
}

function decodeEdit(item: JsonRecord): AgentEvent {
  const changes: unknown = item['changes'];
  const paths = (Array.isArray(changes) ? changes : [])
    .map((change: unknown) => textAt(change as JsonRecord, 'path'))
    .filter((path) => path !== undefined);
  return { kind: 'edit', paths, succeeded: textAt(item, 'status') === 'completed' };
}

function toolCall(type: string, id: string, name: string): AgentEvent[] {
  if (type === 'item.updated') return [];
  return [{ kind: 'tool', phase: type === 'item.started' ? 'start' : 'end', id, name }];
}
