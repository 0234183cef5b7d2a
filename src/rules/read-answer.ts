import { z } from 'zod';
import { failed, ok, type Result } from '../domain/result.ts';
import { type Handoff, type Plan, taskKinds } from '../domain/task.ts';

const short = z.string().max(20_000);
const planAnswer = z.object({
  outcome: z.enum(['tasks', 'no_work']),
  reason: short.default(''),
  tasks: z
    .array(
      z.object({
        id: short.default(''),
        title: short.min(1),
        why: short.default(''),
        kind: z.enum(taskKinds).catch('feature'),
        acceptance: z.array(short).default([]),
        paths: z.array(short).default([]),
        risk: z.enum(['low', 'medium', 'high']).catch('medium'),
      }),
    )
    .default([]),
});
const handoffAnswer = z.object({
  status: z.enum(['done', 'blocked', 'skipped']),
  summary: short.default(''),
  commit_message: short.default(''),
  claims: z.array(z.object({ text: short, how: short.default('') })).default([]),
  decisions: z.array(short).default([]),
  follow_ups: z.array(short).default([]),
});

/** Reads the answer of a plan turn. An agent is not obliged to keep to a schema, so everything is checked. */
export function readPlan(answer: string | undefined): Result<Plan, string> {
  const parsed = readJson(answer, planAnswer);
  if (!parsed.ok) return parsed;
  const { outcome, reason, tasks } = parsed.value;
  if (outcome === 'no_work' || tasks.length === 0) {
    return ok({ kind: 'no-work', reason: reason || 'the plan has no task' });
  }
  return ok({ kind: 'tasks', tasks });
}

/** Reads the handoff of a task turn. */
export function readHandoff(answer: string | undefined): Result<Handoff, string> {
  const parsed = readJson(answer, handoffAnswer);
  if (!parsed.ok) return parsed;
  const { commit_message: commitMessage, follow_ups: followUps, ...rest } = parsed.value;
  return ok({ ...rest, commitMessage, followUps });
}

function readJson<T>(answer: string | undefined, schema: z.ZodType<T>): Result<T, string> {
  if (answer === undefined || answer.trim() === '') return failed('there was no answer');
  const body = withoutFence(answer.trim());
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return failed('the answer is not JSON');
  }
  const read = schema.safeParse(json);
  if (read.success) return ok(read.data);
  const issue = read.error.issues[0];
  return failed(
    issue ? `${issue.path.join('.') || 'answer'}: ${issue.message}` : 'the answer does not fit the schema',
  );
}

/** Models like to wrap JSON in a Markdown fence. */
function withoutFence(text: string): string {
  return /^```(?:json)?\s*\n([\s\S]*?)\n```$/.exec(text)?.[1] ?? text;
}

const text = { type: 'string' } as const;
const texts = { type: 'array', items: text } as const;
function strict(properties: Record<string, unknown>): Readonly<Record<string, unknown>> {
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
    }),
  },
});

/** The schema of a handoff. */
export const handoffSchema = strict({
  status: { type: 'string', enum: ['done', 'blocked', 'skipped'] },
  summary: text,
  commit_message: text,
  claims: { type: 'array', items: strict({ text, how: text }) },
  decisions: texts,
  follow_ups: texts,
});
