import { isNode, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';

import { turnKinds } from '../../src/domain/agent.ts';
import { failed, ok, type Result } from '../../src/domain/result.ts';
import { namePattern, textPattern } from './pattern.ts';
import { stepSchema } from './step.ts';

/** One scenario as people write it, in YAML or as an object: which conversation turn it serves, and how. */
export type Scenario = z.input<typeof scenarioSchema>;

/** A checked scenario, its patterns ready to use. */
export type ReadyScenario = z.output<typeof scenarioSchema>;

/** Checks scenarios (YAML text, or objects). Each problem names the line, the scenario and the key. */
export function readScenarios(source: string | readonly Scenario[]): Result<ReadyScenario[], string[]> {
  if (typeof source !== 'string') return check({ scenarios: source }, () => '');

  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines });
  if (document.errors.length > 0) return failed(document.errors.map((error) => error.message.trim()));
  return check(document.toJS(), (path) => {
    const offset = deepestOffset(path, (prefix) => document.getIn(prefix, true));
    return offset === undefined ? '' : `line ${lines.linePos(offset).line}: `;
  });
}

const oneOrMore = <Schema extends z.ZodType>(schema: Schema) =>
  z.union([schema.transform((one) => [one]), z.array(schema).min(1)]);

const matchSchema = z.strictObject({
  prompt: textPattern.optional(),
  history: textPattern.optional(),
  turn: z
    .union([z.enum(turnKinds), z.array(z.enum(turnKinds)).min(1)], {
      error: `one of ${turnKinds.join(', ')}, or a list of them`,
    })
    .transform((turn) => (typeof turn === 'string' ? [turn] : turn))
    .optional(),
  repo: namePattern.optional(),
  task: namePattern.optional(),
  cwd: textPattern.optional(),
  model: namePattern.optional(),
  call: oneOrMore(z.int().positive()).optional(),
});

const scenarioSchema = z.strictObject({
  name: z.string().min(1),
  match: matchSchema.default({}),
  times: z.int().positive().optional(),
  steps: z.array(stepSchema).min(1).superRefine(endsWithAnAnswer),
});

const fileSchema = z.strictObject({ scenarios: z.array(scenarioSchema).min(1) });

function endsWithAnAnswer(steps: z.output<typeof stepSchema>[], context: z.RefinementCtx): void {
  if (context.issues.length > 0 || steps.at(-1)?.silent !== true) return;
  const message = 'the last step only waits or expects: give it something to answer';
  context.addIssue({ code: 'custom', path: [steps.length - 1], message });
}

function check(
  input: unknown,
  place: (path: readonly PropertyKey[]) => string,
): Result<ReadyScenario[], string[]> {
  const checked = fileSchema.safeParse(input);
  if (!checked.success) {
    const issues = checked.error.issues.flatMap((issue) => narrowed(issue));
    return failed(issues.map((issue) => place(issue.path) + spell(issue, input)));
  }
  const { scenarios } = checked.data;
  const twice = scenarios.filter(({ name }, at) => scenarios.findIndex((other) => other.name === name) < at);
  if (twice.length > 0) return failed(twice.map(({ name }) => `scenario "${name}": this name is taken`));
  return ok(scenarios);
}

/** Where a value may take several forms, the complaints about the form it does take say more than "none fits". */
function narrowed(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const rightForm = issue.errors.filter((form) =>
    form.every(({ path, code }) => path.length > 0 || !wrongForm.has(code)),
  );
  const [only, ...more] = rightForm;
  if (!only || more.length > 0) return [issue];
  return only.flatMap((inner) => narrowed({ ...inner, path: [...issue.path, ...inner.path] }));
}

const wrongForm = new Set<string | undefined>(['invalid_type', 'invalid_value', 'invalid_union']);

function spell(issue: z.core.$ZodIssue, input: unknown): string {
  const [list, at, ...rest] = issue.path;
  if (list !== 'scenarios' || typeof at !== 'number') return `${keyPath(issue.path)}${issue.message}`;
  const name = (input as { scenarios: { name?: unknown }[] | undefined }).scenarios?.[at]?.name;
  const scenario = typeof name === 'string' ? `scenario "${name}"` : `scenario number ${at + 1}`;
  return rest.length === 0
    ? `${scenario}: ${issue.message}`
    : `${scenario}, ${keyPath(rest)}${issue.message}`;
}

function keyPath(path: readonly PropertyKey[]): string {
  if (path.length === 0) return '';
  const spelled = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return `${spelled.replace(/^\./, '')}: `;
}

function deepestOffset(
  path: readonly PropertyKey[],
  nodeAt: (path: readonly PropertyKey[]) => unknown,
): number | undefined {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const node = nodeAt(path.slice(0, depth));
    if (isNode(node) && node.range) return node.range[0];
  }
  return undefined;
}
