import { randomUUID } from 'node:crypto';

/** What came back for one request; `broken` when the connection ended before the answer did. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly events: readonly RawEvent[];
  readonly broken: boolean;
}

export interface RawEvent {
  readonly type: string;
  readonly item?: RawItem;
  readonly delta?: string;
  readonly response?: {
    readonly usage?: unknown;
    readonly end_turn?: boolean;
    readonly error?: { readonly code: string };
  };
}

export interface RawItem {
  readonly type: string;
  readonly call_id?: string;
  readonly name?: string;
  readonly arguments?: string;
  readonly input?: string;
  readonly content?: readonly { readonly text: string }[];
}

/** Speaks the Responses API as codex does: sends the whole history with every request. For tests of the server. */
export interface RawThread {
  /** Starts a conversation turn with this user prompt. */
  prompt(text: string): Promise<RawAnswer>;
  /** Gives the results of all calls of the last answer, in order, and asks again. */
  results(...outputs: string[]): Promise<RawAnswer>;
  /** Asks again with an unchanged history. */
  again(): Promise<RawAnswer>;
  /** Gives results, asks for a summary, and goes on with that summary as its whole history. */
  compact(...outputs: string[]): Promise<RawAnswer>;
}

export const plainTools = [
  { type: 'function', name: 'exec_command' },
  { type: 'function', name: 'write_stdin' },
];
export const patchingTools = [...plainTools, { type: 'custom', name: 'apply_patch' }];
const codeTools = [
  { type: 'custom', name: 'exec' },
  { type: 'function', name: 'wait' },
];
/** Newer models get their tools inside the input. */
export const codeItem = {
  type: 'additional_tools',
  role: 'developer',
  tools: [{ type: 'namespace', name: 'functions', tools: codeTools }],
};

export interface RawThreadOptions {
  readonly tools?: readonly object[];
  readonly firstItems?: readonly object[];
  readonly id?: string;
  readonly model?: string;
  readonly cwd?: string;
  readonly schema?: object;
  readonly signal?: AbortSignal;
  /** Whether to name conversation turns as codex does, rather than let the server count prompts. */
  readonly turnIds?: boolean;
}

export function rawThread(url: string, options: RawThreadOptions = {}): RawThread {
  const id = options.id ?? randomUUID();
  const cwd = options.cwd ?? '/code/demo';
  let turnId = '';
  let calls: readonly RawItem[] = [];
  let input: object[] = [
    ...(options.firstItems ?? []),
    user(`<environment_context>\n  <cwd>${cwd}</cwd>\n</environment_context>`),
  ];

  function hand(outputs: readonly string[]): void {
    for (const [at, output] of outputs.entries()) {
      const call = calls[at]!;
      input.push(call, { type: `${call.type}_output`, call_id: call.call_id, output });
    }
  }

  async function ask(): Promise<RawAnswer> {
    const answer = await post(
      `${url}/responses`,
      {
        model: options.model ?? 'mock-model',
        input,
        ...(options.firstItems ? {} : { tools: options.tools ?? plainTools }),
        ...(options.schema ? { text: { format: { type: 'json_schema', schema: options.schema } } } : {}),
        prompt_cache_key: id,
        ...(options.turnIds === false ? {} : { client_metadata: { thread_id: id, turn_id: turnId } }),
      },
      options.signal,
    );
    const items = itemsOf(answer);
    calls = items.filter(({ call_id }) => call_id !== undefined);
    return answer;
  }

  return {
    prompt(text) {
      turnId = randomUUID();
      input.push(user(text));
      return ask();
    },
    results(...outputs) {
      hand(outputs);
      return ask();
    },
    again: ask,
    async compact(...outputs) {
      hand(outputs);
      input.push(user('You are performing a CONTEXT CHECKPOINT COMPACTION. Summarize.'));
      const answer = await ask();
      input = [user(wordsOf(answer).join(''))];
      return answer;
    },
  };
}

/** The finished items of an answer. */
export function itemsOf({ events }: RawAnswer): RawItem[] {
  return events.flatMap(({ type, item }) => (type === 'response.output_item.done' && item ? [item] : []));
}

/** The finished messages of an answer. */
export function wordsOf(answer: RawAnswer): string[] {
  return itemsOf(answer).flatMap(({ content }) => content?.map(({ text }) => text) ?? []);
}

/** The shell commands an answer in the plain dialect asks for. */
export function commandsOf(answer: RawAnswer): string[] {
  return itemsOf(answer).flatMap(({ name, arguments: args }) =>
    name === 'exec_command' ? [(JSON.parse(args ?? '{}') as { cmd: string }).cmd] : [],
  );
}

export async function post(url: string, body: unknown, signal?: AbortSignal): Promise<RawAnswer> {
  const none = { status: 0, headers: new Headers(), text: '', events: [], broken: true };
  const response = await fetch(url, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { authorization: 'Bearer secret-key', 'content-type': 'application/json' },
    ...(signal ? { signal } : {}),
  }).catch(() => undefined);
  if (!response?.body) return none;
  const decoder = new TextDecoder();
  let text = '';
  let broken = false;
  try {
    for await (const chunk of response.body) text += decoder.decode(chunk as Uint8Array, { stream: true });
  } catch {
    broken = true;
  }
  return { status: response.status, headers: response.headers, text, events: eventsIn(text), broken };
}

function user(text: string): object {
  return { type: 'message', role: 'user', content: [{ type: 'input_text', text }] };
}

function eventsIn(text: string): RawEvent[] {
  return text
    .split('\n\n')
    .filter((block) => block.startsWith('data: '))
    .map((block) => JSON.parse(block.slice('data: '.length)) as RawEvent);
}
