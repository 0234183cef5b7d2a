import { z } from 'zod';
import { failed, ok, type Result } from '../domain/result.ts';
import { type Handoff, type MemoryProposal, type Plan, taskKinds } from '../domain/task.ts';

/** Of any one text of an answer; the rest of it is nonsense. */
const mostOfText = 20_000;
const mostOfTitle = 200;
const short = z.string().transform((text) => text.slice(0, mostOfText));
/** Of one field of what is to be remembered, and how much of that one turn may propose. */
const mostChars = 1000;
const mostProposals = 5;
/** A title is one line: it stands in tables, in messages and in commits. */
const title = z.string().transform((text) => {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= mostOfTitle ? line : `${line.slice(0, mostOfTitle - 1)}…`;
});
const planAnswer = z.object({
  outcome: z.enum(['tasks', 'no_work']),
  reason: short.catch(''),
  tasks: z.unknown().optional(),
});
const taskAnswer = z.object({
  id: short.catch(''),
  title: title.refine((text) => text !== ''),
  why: short.catch(''),
  kind: z.enum(taskKinds).catch('feature'),
  acceptance: listOf(short),
  paths: listOf(short),
  risk: z.enum(['low', 'medium', 'high']).catch('medium'),
  issue: z.number().int().nonnegative().catch(0),
});
const handoffAnswer = z.object({
  status: z.enum(['done', 'blocked', 'skipped']),
  summary: short.catch(''),
  commit_message: short.catch(''),
  claims: listOf(z.object({ text: short, how: short.catch('') })),
  decisions: listOf(short),
  follow_ups: listOf(short),
  memory: z.array(z.unknown()).catch([]),
  root_cause: z.string().catch(''),
  prevention_rule: z.string().catch(''),
});
const cut = z.string().transform((text) => text.slice(0, mostChars));
const proposal = z.object({
  kind: z.enum(['decision', 'fix', 'risk']),
  decision: cut.refine((text) => text.trim() !== ''),
  why: cut.catch(''),
  evidence: cut.catch(''),
  confidence: z.enum(['high', 'medium', 'low']).catch('low'),
  follow_up: cut.catch(''),
});

/** Reads the answer of a plan turn. An agent is not obliged to keep to a schema, so everything is checked. */
export function readPlan(answer: string | undefined): Result<Plan, string> {
  const parsed = readJsonInProse(answer, planAnswer);
  if (!parsed.ok) return parsed;
  const { outcome, reason } = parsed.value;
  const tasks = outcome === 'no_work' ? ok([]) : readTasks(parsed.value.tasks ?? []);
  if (!tasks.ok) return tasks;
  if (tasks.value.length === 0) return ok({ kind: 'no-work', reason: reason || 'the plan has no task' });
  return ok({
    kind: 'tasks',
    tasks: tasks.value.map(({ issue, ...task }) => (issue > 0 ? { ...task, issue } : task)),
  });
}

/** A task that makes no sense costs nothing but itself, as long as another one does. */
function readTasks(tasks: unknown): Result<z.infer<typeof taskAnswer>[], string> {
  const read = listOf(taskAnswer).parse(tasks);
  if (read.length > 0) return ok(read);
  const whole = z.object({ tasks: z.array(taskAnswer) }).safeParse({ tasks });
  return whole.success ? ok([]) : failed(issueOf(whole.error));
}

/** Reads the handoff of a task turn. */
export function readHandoff(answer: string | undefined): Result<Handoff, string> {
  const parsed = readJsonInProse(answer, handoffAnswer);
  if (!parsed.ok) return parsed;
  const { commit_message: commitMessage, follow_ups: followUps, memory, root_cause: cause } = parsed.value;
  const { status, summary, claims, decisions, prevention_rule: rule } = parsed.value;
  return ok({
    status,
    summary,
    commitMessage,
    claims,
    decisions,
    followUps,
    memory: readProposals(memory),
    rootCause: cause.slice(0, mostChars),
    preventionRule: rule.slice(0, mostChars),
  });
}

/** A proposal that makes no sense costs nothing but itself. */
function readProposals(items: readonly unknown[]): readonly MemoryProposal[] {
  return items
    .slice(0, 4 * mostProposals)
    .flatMap((item) => {
      const read = proposal.safeParse(item);
      if (!read.success) return [];
      const { follow_up: followUp, ...rest } = read.data;
      return [{ ...rest, followUp }];
    })
    .slice(0, mostProposals);
}

/** A list of which every item counts that makes sense: one that does not costs nothing but itself. */
function listOf<Item extends z.ZodType>(item: Item) {
  return z
    .array(z.unknown())
    .catch([])
    .transform((items) =>
      items.flatMap((one) => {
        const read = item.safeParse(one);
        return read.success ? [read.data] : [];
      }),
    );
}

/** Reads an answer that should be JSON of a given form; the failure says in words what it is instead. */
export function readJson<T>(answer: string | undefined, schema: z.ZodType<T>): Result<T, string> {
  if (answer === undefined || answer.trim() === '') return failed('there was no answer');
  let json: unknown;
  try {
    json = JSON.parse(withoutFence(answer.trim()));
  } catch {
    return failed('the answer is not JSON');
  }
  const read = schema.safeParse(json);
  return read.success ? ok(read.data) : failed(issueOf(read.error));
}

function issueOf({ issues: [issue] }: z.ZodError): string {
  return issue
    ? `${issue.path.join('.') || 'answer'}: ${issue.message}`
    : 'the answer does not fit the schema';
}

/** The same, with a sentence before the JSON, or a question after it, passed over. */
function readJsonInProse<T>(answer: string | undefined, schema: z.ZodType<T>): Result<T, string> {
  const whole = readJson(answer, schema);
  if (whole.ok || answer === undefined) return whole;
  const inside = readJson(answer.slice(answer.indexOf('{'), answer.lastIndexOf('}') + 1), schema);
  return inside.ok ? inside : whole;
}

/** Models like to wrap JSON in a Markdown fence. */
function withoutFence(text: string): string {
  return /^```(?:json)?\s*\n([\s\S]*?)\n```$/.exec(text)?.[1] ?? text;
}

const text = { type: 'string' } as const;
const texts = { type: 'array', items: text } as const;
/** An object schema of exactly these properties. */
export function strict(properties: Record<string, unknown>): Readonly<Record<string, unknown>> {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

/** The schema a plan turn is asked to answer with; "strict" as the Responses API means it. */
export const planSchema = strict({
  outcome: { type: 'string', enum: ['tasks', 'no_work'] },
  reason: text,
  tasks: {
    type: 'array',
    items: strict({
      id: text,
      title: text,
      why: text,
      kind: { type: 'string', enum: [...taskKinds] },
      acceptance: texts,
      paths: texts,
      risk: { type: 'string', enum: ['low', 'medium', 'high'] },
      issue: { type: 'integer' },
    }),
  },
});

const handoffParts = {
  status: { type: 'string', enum: ['done', 'blocked', 'skipped'] },
  summary: text,
  commit_message: text,
  claims: { type: 'array', items: strict({ text, how: text }) },
  decisions: texts,
  follow_ups: texts,
  memory: {
    type: 'array',
    description:
      'Only what the next engineer must know and cannot read from the code: an architecture decision, a production fix, a new risk. Almost always empty.',
    items: strict({
      kind: { type: 'string', enum: ['decision', 'fix', 'risk'] },
      decision: text,
      why: text,
      evidence: text,
      confidence: { type: 'string', enum: ['high', 'medium', 'low'] },
      follow_up: text,
    }),
  },
};

/** The schema of a handoff. */
export const handoffSchema = strict(handoffParts);

/** The schema of the handoff of a turn that mends: it says also what was wrong and how it does not happen again. */
export const mendingSchema = strict({
  ...handoffParts,
  root_cause: { ...text, description: 'Why it failed, in a sentence; not what failed.' },
  prevention_rule: {
    ...text,
    description: 'One rule for the next engineer by which this does not happen again.',
  },
});
