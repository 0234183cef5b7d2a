import { z } from 'zod';

import { chooseDialect, type Dialect } from './dialect.ts';

/** What a request to `/responses` says, in the words scenarios match on. */
export interface TurnRequest {
  readonly thread: string;
  /** Names one conversation turn: a user prompt and everything codex asks because of it. */
  readonly conversation: string;
  /** How many user prompts the thread has seen, this one included. */
  readonly userMessage: number;
  /** The last user prompt, without what codex itself adds (environment, AGENTS.md). */
  readonly prompt: string;
  /** Every text of the input, joined by line ends. */
  readonly history: string;
  readonly turn: string | undefined;
  readonly repo: string | undefined;
  readonly task: string | undefined;
  readonly cwd: string | undefined;
  readonly model: string;
  readonly tools: readonly string[];
  readonly dialect: Dialect;
  /** Whether an answer in a given JSON schema is wanted. */
  readonly schema: boolean;
  readonly compaction: 'no' | 'summary' | 'item';
  /** The tool results in the input, by call id. */
  readonly results: ReadonlyMap<string, string>;
}

/** Reads a request body; undefined when it is not one. */
export function readRequest(
  body: unknown,
  headers: Readonly<Record<string, string | string[] | undefined>>,
): TurnRequest | undefined {
  const read = bodySchema.safeParse(body);
  if (!read.success) return undefined;
  const { model, input, text, ...rest } = read.data;
  const items = typeof input === 'string' ? [{ type: 'message', role: 'user', content: input }] : input;

  const meta = rest.client_metadata;
  const header = (name: string): string | undefined => [headers[name]].flat()[0];
  const thread =
    header('thread-id') ??
    meta?.thread_id ??
    rest.prompt_cache_key ??
    header('session-id') ??
    'a thread without id';

  const prompts = userPrompts(items);
  const prompt = prompts.at(-1) ?? '';
  const tools = offeredTools([...(rest.tools ?? []), ...items.flatMap(toolsInside)]);
  return {
    thread,
    conversation: `${thread}/${meta?.turn_id ?? String(prompts.length)}`,
    userMessage: prompts.length,
    prompt,
    history: [rest.instructions ?? '', ...items.flatMap(textsOf)].join('\n'),
    turn: lineOf(prompt, 'Turn'),
    repo: lineOf(prompt, 'Repository'),
    task: lineOf(prompt, 'Task'),
    cwd: items.flatMap(textsOf).flatMap(namedCwd).at(-1),
    model,
    tools: tools.map(({ name }) => name),
    dialect: chooseDialect(tools),
    schema: text?.format?.type === 'json_schema',
    compaction: compactionWanted(items, prompt),
    results: new Map(items.flatMap(resultOf)),
  };
}

const partSchema = z.looseObject({ text: z.string().optional() });
const contentSchema = z.union([z.string(), z.array(partSchema)]);

interface Tool {
  readonly type: string;
  readonly name: string;
}
interface WireTool {
  readonly type: string;
  readonly name?: string | undefined;
  readonly tools?: readonly WireTool[] | undefined;
}
const toolSchema: z.ZodType<WireTool> = z.looseObject({
  type: z.string(),
  name: z.string().optional(),
  get tools() {
    return z.array(toolSchema).optional();
  },
});

const itemSchema = z.looseObject({
  type: z.string().default('message'),
  role: z.string().optional(),
  content: contentSchema.nullish(),
  summary: z.array(partSchema).nullish(),
  call_id: z.string().nullish(),
  arguments: z.string().nullish(),
  input: z.string().nullish(),
  output: contentSchema.nullish(),
  tools: z.array(toolSchema).nullish(),
});
type Item = Partial<z.output<typeof itemSchema>>;

const bodySchema = z.looseObject({
  model: z.string(),
  input: z.union([z.string(), z.array(itemSchema)]),
  instructions: z.string().nullish(),
  tools: z.array(toolSchema).nullish(),
  text: z.looseObject({ format: z.looseObject({ type: z.string() }).nullish() }).nullish(),
  prompt_cache_key: z.string().nullish(),
  client_metadata: z
    .looseObject({ thread_id: z.string().optional(), turn_id: z.string().optional() })
    .nullish(),
});

function textsIn(content: z.output<typeof contentSchema> | null | undefined): string[] {
  if (typeof content === 'string') return [content];
  return (content ?? []).flatMap(({ text }) => text ?? []);
}

function textsOf(item: Item): string[] {
  const calls = [item.arguments, item.input].filter((text) => typeof text === 'string');
  return [...textsIn(item.content), ...textsIn(item.summary), ...calls, ...textsIn(item.output)];
}

function userPrompts(items: readonly Item[]): string[] {
  const said = items
    .filter(({ type, role }) => type === 'message' && role === 'user')
    .map(({ content }) => textsIn(content));
  const typed = said.map((texts) => texts.filter((text) => !isAddedByCodex(text)).join('\n')).filter(Boolean);
  return typed.length > 0 ? typed : said.slice(-1).map((texts) => texts.join('\n'));
}

/** Codex wraps what it adds in one tag, or in its AGENTS.md headline. */
function isAddedByCodex(text: string): boolean {
  return /^\s*(?:# AGENTS\.md instructions|<([a-z][\w-]*)[^>]*>[\s\S]*<\/\1>\s*$)/.test(text);
}

function lineOf(prompt: string, name: string): string | undefined {
  return new RegExp(`^${name}: *(\\S.*?) *\\r?$`, 'm').exec(prompt)?.[1];
}

function namedCwd(text: string): string[] {
  if (!text.trimStart().startsWith('<environment_context>')) return [];
  return /<cwd>([^<]+)<\/cwd>/.exec(text)?.slice(1) ?? [];
}

function toolsInside(item: Item): readonly WireTool[] {
  return item.type === 'additional_tools' ? (item.tools ?? []) : [];
}

/** Tools by name; those of the namespace `functions` are the everyday ones, so it is left out of the name. */
function offeredTools(tools: readonly WireTool[], prefix = ''): Tool[] {
  return tools.flatMap(({ type, name, tools: inner }) => {
    if (type !== 'namespace') return [{ type, name: prefix + (name ?? type) }];
    return offeredTools(inner ?? [], name === 'functions' ? '' : `${name ?? ''}.`);
  });
}

function compactionWanted(items: readonly Item[], prompt: string): TurnRequest['compaction'] {
  if (items.at(-1)?.type === 'compaction_trigger') return 'item';
  return prompt.startsWith('You are performing a CONTEXT CHECKPOINT COMPACTION') ? 'summary' : 'no';
}

function resultOf(item: Item): [callId: string, output: string][] {
  if (item.type?.endsWith('_call_output') !== true || typeof item.call_id !== 'string') return [];
  return [[item.call_id, textsIn(item.output).join('')]];
}
