import type { Options } from '../config/options.ts';
import type { Repo } from '../domain/repo.ts';
import { chooseReviewer } from '../rules/review/choose-reviewer.ts';
import type { Home } from './context.ts';
import { usageProblem } from './problems.ts';

/**
 * The agent that has to be there besides the one that does the work, since `review: second` asks for it. One that is not
 * configured is refused; where only the repository's own file asks, that is left to its visit, which goes no further.
 */
export async function secondAgent(home: Home, repo: Repo, options: Options): Promise<string | undefined> {
  if (options.review !== 'second') return undefined;
  const { review } = await home.settingsFor(repo);
  if (review?.from === '.clone.yaml') return undefined;
  const chosen = chooseReviewer(options);
  if (!chosen.ok)
    throw usageProblem('review-agent', `${repo.name}: ${chosen.failure.message}`, chosen.failure.hint);
  return chosen.value;
}
