import path from 'node:path';
import { renderTemplate } from '../rules/render-template.ts';
import type { SessionWorld, Visit } from './visit.ts';

/** A template of ours or of the user's that cannot be filled: a mistake to be mended before any agent starts. */
export class TemplateProblem extends Error {}

/**
 * The text of one turn: the template with its values, kept beside the turn's stream. Values that any template
 * may use (`core`, `steering`, `repository`, `objective`) are always there.
 */
export async function writePrompt(
  world: Pick<SessionWorld, 'prompts' | 'files' | 'redact'>,
  visit: Visit,
  order: { template: string; stem: string; values: Readonly<Record<string, string>> },
): Promise<string> {
  const { text, source } = await world.prompts.template(order.template);
  const rendered = renderTemplate(text, {
    core: (await world.prompts.template('core')).text.trim(),
    steering: (await world.prompts.template('steering')).text.trim(),
    repository: visit.repo.name,
    objective: visit.repo.objective || 'none is written down; infer it from the README',
    ...order.values,
  });
  if (!rendered.ok) {
    const { unknown, known } = rendered.failure;
    throw new TemplateProblem(
      `${source}: unknown variable ${unknown.map((name) => `{{${name}}}`).join(', ')}; this template knows ${known.join(', ')}`,
    );
  }
  const prompt = world.redact(rendered.value);
  await world.files.write(path.join(visit.folder, `${order.stem}.prompt.md`), prompt);
  return prompt;
}
