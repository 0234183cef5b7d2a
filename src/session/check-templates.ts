import { didYouMean } from '../domain/nearest-name.ts';
import { type OwnPrompts, PromptUnusable } from '../ports/prompts.ts';
import type { World } from '../ports/world.ts';
import { fragments, templateVariables } from '../rules/prompt/variables.ts';
import { unknownNames } from '../rules/render-template.ts';

/** What is wrong with a prompt of the owner's, where, and what helps. */
export interface PromptProblem {
  readonly source: string;
  readonly message: string;
  readonly hint: string;
}

/** Reads every template in force and looks for variables that nobody fills: found before any agent starts. */
export async function checkTemplates(
  world: Pick<World, 'prompts'>,
  own?: OwnPrompts,
): Promise<readonly PromptProblem[]> {
  const known: readonly (readonly [string, readonly string[]])[] = [
    ...Object.entries(templateVariables),
    ...fragments.map((name) => [name, []] as const),
  ];
  const problems: PromptProblem[] = [];
  for (const [name, variables] of known) {
    try {
      const { text, source } = await world.prompts.template(name, own);
      const [unknown] = unknownNames(text, variables);
      if (unknown !== undefined) problems.push({ source, ...unknownVariable(unknown, variables) });
    } catch (problem) {
      if (!(problem instanceof PromptUnusable)) throw problem;
      const { source, message, hint } = problem;
      if (!problems.some((one) => one.source === source)) problems.push({ source, message, hint });
    }
  }
  return problems;
}

function unknownVariable(name: string, known: readonly string[]): Omit<PromptProblem, 'source'> {
  const all = [...known].sort().map((one) => `{{${one}}}`);
  const knows = all.length === 0 ? 'this prompt has no variables' : `this prompt knows ${all.join(', ')}`;
  const meant = didYouMean(name, known, '').replace(/mean (\S+)\?/, 'mean {{$1}}?');
  return { message: `unknown variable {{${name}}}`, hint: meant === '' ? knows : `${meant} ${knows}` };
}
