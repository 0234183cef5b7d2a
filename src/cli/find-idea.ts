import type { Idea } from '../domain/idea.ts';
import { didYouMean } from '../domain/nearest-name.ts';
import type { CliProblem, Home } from './context.ts';
import type { FrontContext } from './front-context.ts';
import { fileProblem, usageProblem } from './problems.ts';

/** The ideas of a home; a file that cannot be read is a CliProblem. */
export async function readIdeas(context: FrontContext, home: Home): Promise<readonly Idea[]> {
  const read = await (await context.ideas(home)).read();
  if (!read.ok) throw fileProblem(read.failure);
  return read.value;
}

/** The idea with that id; an unknown one is a CliProblem that suggests the nearest. */
export function findIdea(ideas: readonly Idea[], id: string): Idea {
  const idea = ideas.find((one) => one.id === id);
  if (idea) return idea;
  throw unknownIdea(ideas, id);
}

export function unknownIdea(ideas: readonly Idea[], id: string): CliProblem {
  const ids = ideas.map((one) => one.id);
  return usageProblem(
    'idea-unknown',
    `there is no idea ${id}`,
    didYouMean(id, ids, 'clone ideas list shows them'),
  );
}
