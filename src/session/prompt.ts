import path from 'node:path';
import type { SessionFailure } from '../domain/failure.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import type { OwnPrompts } from '../ports/prompts.ts';
import { composePrompt, type PromptValues } from '../rules/prompt/compose-prompt.ts';
import { issueParts } from '../rules/prompt/issue-parts.ts';
import { objectiveParts } from '../rules/prompt/objective.ts';
import { type Segment, textOf } from '../rules/prompt/segment.ts';
import { fragments, type TemplateName } from '../rules/prompt/variables.ts';
import { checkTemplates } from './check-templates.ts';
import type { Knowledge } from './knowledge.ts';
import type { SessionWorld, Visit } from './visit.ts';

/** What a prompt is made of: whose repository, what is known of it, and which template with which values. */
export interface PromptOrder {
  readonly template: TemplateName;
  readonly values: PromptValues;
}

type Told = Pick<Visit, 'repo' | 'options' | 'issues'>;

/** The text of one turn, kept beside the turn's stream. */
export async function writePrompt(
  world: Pick<SessionWorld, 'prompts' | 'files' | 'redact' | 'randomId'>,
  session: { readonly visit: Visit; readonly knowledge: Knowledge },
  order: PromptOrder & { readonly stem: string },
): Promise<string> {
  const { visit, knowledge } = session;
  const text = textOf(await promptSegments(world, { visit, knowledge }, order));
  await world.files.write(path.join(visit.folder, `${order.stem}.prompt.md`), text);
  return text;
}

/**
 * The segments of a prompt, in order. Every template may use what holds for all turns: `core`, `steering`, `handoff`,
 * `repository`, `objective`, and what the repository remembers.
 */
export async function promptSegments(
  world: Pick<SessionWorld, 'prompts' | 'redact' | 'randomId'>,
  { visit, knowledge }: { readonly visit: Told; readonly knowledge: Knowledge },
  order: PromptOrder,
): Promise<readonly Segment[]> {
  const own = ownPrompts(visit);
  const template = { name: order.template, ...(await world.prompts.template(order.template, own)) };
  const taken: Record<string, PromptValues[keyof PromptValues]> = {};
  for (const name of fragments) {
    const { text, source } = await world.prompts.template(name, own);
    if (text.trim() !== '') taken[name] = [{ source, trust: 'trusted', text }];
  }
  const values: PromptValues = {
    ...taken,
    ...knowledge.parts,
    repository: visit.repo.name,
    objective: objectiveParts(visit.repo.objective),
    issues: issueParts(visit.issues),
    ...order.values,
  };
  const segments = composePrompt(template, values, () => world.randomId(8));
  return segments.map((segment) => ({ ...segment, text: world.redact(segment.text) }));
}

/** Where the owner's prompts for a repository are. */
export function ownPrompts({ repo, options }: Pick<Visit, 'repo' | 'options'>): OwnPrompts {
  return { folder: options.prompts_dir, repository: repo.path };
}

/** The prompts in force for a visit, looked at as a whole before its first turn. */
export async function usablePrompts(
  world: Pick<SessionWorld, 'prompts'>,
  visit: Pick<Visit, 'repo' | 'options'>,
): Promise<Result<void, Extract<SessionFailure, { kind: 'repo-unusable' }>>> {
  const [problem] = await checkTemplates(world, ownPrompts(visit));
  if (!problem) return ok(undefined);
  const message = `${problem.source}: ${problem.message}.`;
  return failed({ kind: 'repo-unusable', message, hint: problem.hint });
}
