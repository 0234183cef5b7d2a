import { type Idea, type IdeaStep, ideaSteps } from '../../domain/idea.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { FileProblem } from '../../ports/portfolio.ts';
import type { OpenWorld, RunOrder } from '../run-world.ts';
import { goesOn } from './at-work.ts';
import { isWaiting } from './process-ideas.ts';
import { pathOf, triageIdea } from './triage-idea.ts';

/** What `process` would do with an idea. */
export interface IdeaPreview {
  readonly idea: string;
  readonly title: string;
  readonly path: string;
  /** Undefined: nothing stands against it now. */
  readonly blocked: { readonly why: string; readonly hint: string } | undefined;
  /** What it comes to without any step of ours; undefined: it is built. */
  readonly already: string | undefined;
  readonly steps: readonly { readonly step: IdeaStep; readonly done: boolean; readonly note: string }[];
}

/** The steps that each waiting idea would go through, and why one would be blocked. Makes nothing, asks nobody. */
export async function previewIdeas(
  world: OpenWorld,
  order: Pick<RunOrder, 'options'>,
  onlyIdea: string | undefined,
): Promise<Result<readonly IdeaPreview[], FileProblem>> {
  const read = await world.ideas.read();
  if (!read.ok) return read;
  const previews: IdeaPreview[] = [];
  for (const idea of read.value.filter(isWaiting)) {
    if (onlyIdea !== undefined && idea.id !== onlyIdea) continue;
    const preview = await previewOf(world, order, idea);
    if (!preview.ok) return preview;
    previews.push(preview.value);
  }
  return ok(previews);
}

async function previewOf(
  world: OpenWorld,
  { options }: Pick<RunOrder, 'options'>,
  idea: Idea,
): Promise<Result<IdeaPreview, FileProblem>> {
  const { path } = await pathOf(world, options, idea);
  const view = await world.ledger.idea(idea.id);
  const known = goesOn(view, idea, path) ? view?.steps : undefined;
  const about = { idea: idea.id, title: idea.title, path, blocked: undefined, already: undefined };
  const note = (step: IdeaStep): string => {
    if (step !== 'github' && step !== 'push') return '';
    if (!world.forge) return 'not without a GitHub token: local only';
    return options.land === 'push' ? '' : `not while land is ${options.land}: local only`;
  };
  const steps = ideaSteps.map((step) => ({ step, done: known?.[step]?.done ?? false, note: note(step) }));
  // Once its folder is made by us, what is found there is no longer judged.
  if (known?.folder?.done) return ok({ ...about, steps });
  const triaged = await triageIdea(world, options, idea);
  if (!triaged.ok) return triaged;
  const found = triaged.value;
  switch (found.is) {
    case 'blocked':
      return ok({ ...about, blocked: { why: found.why, hint: found.hint }, steps: [] });
    case 'enrolled':
      return ok({ ...about, already: `${found.repo.path} is in the portfolio already`, steps: [] });
    case 'enrol':
      return ok({ ...about, already: `${path} is a repository; it is only enrolled`, steps: [] });
    case 'build':
      return ok({ ...about, steps });
  }
}
