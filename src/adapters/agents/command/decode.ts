import type { AgentEvent, AgentFailureReason, AgentOutcome, Usage } from '../../../domain/agent.ts';
import { type JsonRecord, numberAt, parseRecord, textAt } from '../records.ts';

/** What was heard of a turn so far. Changed by `decodeCommand` only. */
export interface CommandState {
  thread: string | undefined;
  answer: string | undefined;
  /** Set by an `answer` line; else the last text is the answer. */
  answered: boolean;
  completed: boolean;
  usage: Usage | undefined;
  /** How the program itself says that it ended, other than well. */
  ending: Exclude<AgentOutcome, { kind: 'completed' }> | undefined;
  readonly openCommands: Set<string>;
  events: number;
}

export function newCommandState(): CommandState {
  return {
    thread: undefined,
    answer: undefined,
    answered: false,
    completed: false,
    usage: undefined,
    ending: undefined,
    openCommands: new Set(),
    events: 0,
  };
}

/** One line of the contract in docs/AGENTS.md. Never throws; what it does not know becomes `other`. */
export function decodeCommand(line: string, state: CommandState): AgentEvent[] {
  if (line.trim() === '') return [];
  const event = parseRecord(line);
  const type = textAt(event, 'type');
  if (!event || type === undefined) return [{ kind: 'other', type: 'unreadable' }];

  const decoded = decodeEvent(type, event, state);
  if (decoded === undefined) return [{ kind: 'other', type }];
  state.events += 1;
  return [decoded];
}

/** Undefined: not in the contract, or without what the contract asks for. */
function decodeEvent(type: string, event: JsonRecord, state: CommandState): AgentEvent | undefined {
  const id = textAt(event, 'id');
  const text = textAt(event, 'text');
  const message = textAt(event, 'message') ?? '';
  switch (type) {
    case 'thread':
      if (id === undefined) return undefined;
      state.thread = id;
      return { kind: 'thread', id };
    case 'text':
      if (text === undefined) return undefined;
      if (!state.answered) state.answer = text;
      return { kind: 'text', text };
    case 'thinking':
      return text === undefined ? undefined : { kind: 'thinking', text };
    case 'command':
      return decodeProgram(event, state);
    case 'edit':
      return { kind: 'edit', paths: texts(event['paths']), succeeded: event['succeeded'] !== false };
    case 'tool': {
      const phase = phaseOf(event);
      return phase && { kind: 'tool', phase, id: id ?? '', name: textAt(event, 'name') ?? '' };
    }
    case 'retry':
      return { kind: 'retry', reason: textAt(event, 'reason') ?? '', status: numberAt(event, 'status') };
    case 'warning':
      return { kind: 'warning', message };
    case 'usage':
      state.usage = usageOf(event);
      return { kind: 'usage', scope: 'turn', usage: state.usage };
    case 'answer': {
      const answer = text ?? ('json' in event ? JSON.stringify(event['json']) : undefined);
      if (answer === undefined) return undefined;
      state.answer = answer;
      state.answered = true;
      return { kind: 'text', text: answer };
    }
    case 'limited':
      return endsAs(
        { kind: 'limited', until: instantAt(event, 'until'), message: message || 'limited' },
        state,
      );
    case 'auth':
      return endsAs({ kind: 'auth', message: message || 'not logged in' }, state);
    case 'failed':
      return endsAs(
        { kind: 'failed', ...failureOf(event), message: message || 'it failed and did not say why' },
        state,
      );
    case 'completed':
      state.completed = true;
      return { kind: 'completed' };
    default:
      return undefined;
  }
}

/** People are never told of an end without a word. */
function endsAs(ending: NonNullable<CommandState['ending']>, state: CommandState): AgentEvent {
  state.ending = ending;
  return { kind: 'failure', message: ending.message };
}

function decodeProgram(event: JsonRecord, { openCommands }: CommandState): AgentEvent | undefined {
  const phase = phaseOf(event);
  const id = textAt(event, 'id') ?? '';
  const command = textAt(event, 'command') ?? '';
  switch (phase) {
    case 'start':
      openCommands.add(id);
      return { kind: 'command', phase, id, command };
    case 'end':
      openCommands.delete(id);
      return { kind: 'command', phase, id, command, exitCode: numberAt(event, 'exitCode') ?? null };
    case undefined:
      return undefined;
  }
}

function phaseOf(event: JsonRecord): 'start' | 'end' | undefined {
  const phase = event['phase'];
  return phase === 'start' || phase === 'end' ? phase : undefined;
}

const failureReasons: readonly AgentFailureReason[] = [
  'failed-start',
  'config',
  'model',
  'context',
  'server',
  'network',
  'crash',
  'unanswered',
];

function failureOf(event: JsonRecord): { reason: AgentFailureReason; retryable: boolean } {
  const reason = failureReasons.find((known) => known === event['reason']) ?? 'model';
  return { reason, retryable: event['retryable'] !== false && reason !== 'config' };
}

function usageOf(event: JsonRecord): Usage {
  const count = (key: keyof Usage): number => Math.max(0, Math.round(numberAt(event, key) ?? 0));
  return {
    inputTokens: count('inputTokens'),
    cachedInputTokens: count('cachedInputTokens'),
    outputTokens: count('outputTokens'),
    reasoningTokens: count('reasoningTokens'),
  };
}

function instantAt(event: JsonRecord, key: string): number | undefined {
  const at = Date.parse(textAt(event, key) ?? '');
  return Number.isNaN(at) ? undefined : at;
}

function texts(value: unknown): string[] {
  return (Array.isArray(value) ? value : []).filter((entry) => typeof entry === 'string');
}
