import type { World } from '../ports/world.ts';
import { renderTemplate } from '../rules/render-template.ts';

const everywhere = ['core', 'steering', 'repository', 'objective'];

/** The variables each template may use. */
export const templateVariables: Readonly<Record<string, readonly string[]>> = {
  plan: [...everywhere, 'task_cap', 'checks', 'signals'],
  task: [...everywhere, 'task_id', 'task_title', 'task_why', 'task_acceptance', 'task_paths', 'checks'],
  'first-task': [
    ...everywhere,
    'task_id',
    'task_title',
    'task_why',
    'task_acceptance',
    'task_paths',
    'checks',
  ],
  single: [...everywhere, 'task_id', 'task_title', 'task_cap', 'checks', 'signals'],
  cleanup: [...everywhere, 'task_id', 'task_title', 'task_why', 'task_acceptance', 'task_paths', 'checks'],
  repair: [...everywhere, 'task_id', 'task_title', 'attempt', 'attempts', 'findings'],
  'ci-fix': [...everywhere, 'sha', 'branch', 'attempt', 'attempts', 'failure', 'checks'],
  conflict: [...everywhere, 'branch', 'paths', 'diff', 'checks'],
  'answer-again': [...everywhere, 'turn', 'problem'],
};

/** Fills every template once with nothing: a mistyped variable is found before any agent starts. */
export async function checkTemplates(
  world: Pick<World, 'prompts'>,
): Promise<readonly { source: string; unknown: readonly string[]; known: readonly string[] }[]> {
  const problems = [];
  for (const [name, variables] of Object.entries(templateVariables)) {
    const { text, source } = await world.prompts.template(name);
    const rendered = renderTemplate(text, Object.fromEntries(variables.map((variable) => [variable, ''])));
    if (!rendered.ok) problems.push({ source, ...rendered.failure });
  }
  return problems;
}
