import { z } from 'zod';

import { failureSchema, usageLimitSchema } from './failures.ts';
import { namePattern, textPattern } from './pattern.ts';

/** One answer of the scripted model, checked. `silent` steps answer nothing and lead on to the next one. */
export type Step = z.output<typeof stepSchema>;

/** Tokens that one answer claims to have used. */
export type TokenCounts = z.output<typeof usageSchema>;

const usageSchema = z
  .strictObject({
    in: z.int().nonnegative().default(0),
    cached: z.int().nonnegative().default(0),
    out: z.int().nonnegative().default(0),
    reasoning: z.int().nonnegative().default(0),
  })
  .refine(({ in: all, cached }) => cached <= all, { path: ['cached'], error: 'more than `in`' })
  .refine(({ out, reasoning }) => reasoning <= out, { path: ['reasoning'], error: 'more than `out`' });

const fileSchema = z.strictObject({ path: z.string().min(1), content: z.string() });

const callSchema = z
  .strictObject({
    name: z.string().min(1),
    namespace: z.string().min(1).optional(),
    args: z.record(z.string(), z.unknown()).optional(),
    input: z.string().optional(),
  })
  .refine(({ args, input }) => args === undefined || input === undefined, {
    error: '`args` (function tool) or `input` (custom tool), not both',
  });

const expectSchema = z.strictObject({
  prompt: textPattern.optional(),
  history: textPattern.optional(),
  lacks: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
    .transform((text) => (typeof text === 'string' ? [text] : text))
    .pipe(z.array(textPattern))
    .optional(),
  tools: z.array(z.string().min(1)).optional(),
  model: namePattern.optional(),
  schema: z.boolean().optional(),
});

const speech = ['think', 'say'] as const;
const calls = ['run', 'write', 'patch', 'call', 'huge'] as const;
const endings = ['final', 'json'] as const;
const accidents = ['fail', 'usage-limit', 'hang', 'cut'] as const;

const rawStepSchema = z.strictObject({
  think: z.string().min(1).optional(),
  say: z.string().min(1).optional(),
  run: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1)], {
      error: 'a command, or a list of commands',
    })
    .transform((run) => (typeof run === 'string' ? [run] : run))
    .optional(),
  background: z.boolean().default(false),
  write: z
    .union([fileSchema, z.array(fileSchema).min(1)], { error: '{path, content}, or a list of them' })
    .transform((write) => (Array.isArray(write) ? write : [write]))
    .optional(),
  patch: z.string().startsWith('*** Begin Patch').optional(),
  call: callSchema.optional(),
  huge: z
    .strictObject({ bytes: z.int().positive(), via: z.enum(['command', 'message']).default('command') })
    .optional(),
  final: z.string().optional(),
  json: z
    .union([z.record(z.string(), z.unknown()), z.array(z.unknown())], { error: 'an object, or a list' })
    .optional(),
  fail: failureSchema.optional(),
  'usage-limit': usageLimitSchema.optional(),
  hang: z.enum(['headers', 'stream']).optional(),
  cut: z.enum(['start', 'mid-text', 'after-items']).optional(),
  times: z.int().positive().optional(),
  delay: z.int().nonnegative().optional(),
  expect: expectSchema.optional(),
  usage: usageSchema.optional(),
  headers: z.record(z.string(), z.coerce.string()).optional(),
});

/** One step of a scenario: what one request of a conversation turn is answered with. */
export const stepSchema = rawStepSchema.superRefine(makesSense).transform((step) => ({
  ...step,
  times: step.times ?? step.fail?.times,
  silent: present(step, [...speech, ...calls, ...endings, ...accidents]).length === 0,
}));

type RawStep = z.output<typeof rawStepSchema>;

function makesSense(step: RawStep, context: z.RefinementCtx): void {
  // What a misspelled key meant is anybody's guess, so say nothing more about such a step.
  if (context.issues.length > 0) return;
  const complain = (message: string): void => {
    context.addIssue({ code: 'custom', message });
  };
  const [accident, ...more] = present(step, accidents);
  const acts = present(step, calls).filter((key) => key !== 'huge' || step.huge?.via === 'command');
  const ends = [...present(step, endings), ...(step.huge?.via === 'message' ? ['huge'] : [])];
  const answers = [...present(step, speech), ...acts, ...ends];

  if (Object.values(step).every((value) => value === undefined || value === false)) complain('an empty step');
  if (accident !== undefined && more.length > 0)
    complain(`${accident} and ${more.join(', ')} exclude each other`);
  if (ends.length > 1) complain(`${ends.join(' and ')} exclude each other`);
  if (ends.length > 0 && acts.length > 0) {
    complain(`${acts.join(', ')} goes on with the turn, ${ends.join(', ')} ends it: make two steps`);
  }
  if (accident !== undefined && answers.length > 0 && (accident !== 'cut' || step.cut === 'start')) {
    complain(`${accident}: the model never comes to ${answers.join(', ')}`);
  }
  if (step.cut === 'after-items' && answers.length === 0) complain('cut after-items: after which items?');
  if (step.times !== undefined && accident === undefined)
    complain(`times belongs to ${accidents.join(', ')}`);
  if (step.usage && accident !== undefined) complain(`usage: with ${accident} no tokens are ever told`);
  if (step.background && !step.run) complain('background belongs to run');
  if (step.headers && (step.fail ?? step['usage-limit']))
    complain('headers belong to answers: use fail.headers');
}

function present<Key extends keyof RawStep>(step: RawStep, keys: readonly Key[]): Key[] {
  return keys.filter((key) => step[key] !== undefined);
}
