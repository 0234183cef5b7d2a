import { didYouMean } from '../domain/nearest-name.ts';
import { type OwnPrompts, type PromptProblem, PromptUnusable } from '../ports/prompts.ts';
import type { World } from '../ports/world.ts';
import { fragments, templateVariables } from '../rules/prompt/variables.ts';
import { unknownNames } from '../rules/render-template.ts';

/** Reads every template in force and looks for variables that nobody fills: found before any agent starts. */
export async function checkTemplates(
  world: Pick<World, 'prompts'>,
  own?: OwnPrompts,
): Promise<readonly PromptProblem[]> {
  const problems: PromptProblem[] = [];
  for (const name of known.keys()) {
    try {
      const { text, source } = await world.prompts.template(name, own);
      const flaw = flawOf(name, text);
      if (flaw) problems.push({ source, ...flaw });
    } catch (problem) {
      if (!(problem instanceof PromptUnusable)) throw problem;
      const { source, message, hint } = problem;
      if (!problems.some((one) => one.source === source)) problems.push({ source, message, hint });
    }
  }
  return problems;
}

/** What keeps a text from being the prompt of that name, if anything. */
export function flawOf(name: string, text: string): Omit<PromptProblem, 'source'> | undefined {
  const variables = known.get(name) ?? [];
  const [unknown] = unknownNames(text, variables);
  return unknown === undefined ? undefined : unknownVariable(unknown, variables);
}

const known: ReadonlyMap<string, readonly string[]> = new Map([
  ...Object.entries(templateVariables),
  ...fragments.map((name) => [name, []] as const),
]);

function unknownVariable(name: string, known: readonly string[]): Omit<PromptProblem, 'source'> {
  const all = [...known].sort().map((one) => `{{${one}}}`);
  const knows = all.length === 0 ? 'this prompt has no variables' : `this prompt knows ${all.join(', ')}`;
  const meant = didYouMean(name, known, '').replace(/mean (\S+)\?/, 'mean {{$1}}?');
  return { message: `unknown variable {{${name}}}`, hint: meant === '' ? knows : `${meant} ${knows}` };
}
