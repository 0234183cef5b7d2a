import { ok } from '../../domain/result.ts';
import type { PortfolioEdit } from '../../ports/portfolio.ts';
import { sameName } from '../../rules/ideas/repo-name.ts';
import type { RunWorld } from '../run-world.ts';
import { begin, blocked, end, entryOf, type IdeaAtWork, type Stepped } from './at-work.ts';

/** Gives the new repository its entry in repos.yaml; one that is there for its folder stays as it is. */
export async function enrol(world: RunWorld, work: IdeaAtWork, branch = 'main'): Promise<Stepped<void>> {
  const { idea, path } = work;
  const told = { key: `portfolio:${path}`, facts: { name: idea.repoName, path } };
  await begin(world, work, 'portfolio', told);
  let taken: string | undefined;
  const changed = await world.portfolio.change((repos): readonly PortfolioEdit[] => {
    if (repos.some((repo) => repo.path === path)) return [];
    taken = repos.find((repo) => sameName(repo.name, idea.repoName))?.path;
    return taken === undefined ? [{ edit: 'add', repo: entryOf(idea, path, branch) }] : [];
  });
  if (!changed.ok)
    return blocked(
      'portfolio',
      `repos.yaml cannot be changed: ${changed.failure.message}`,
      'mend repos.yaml',
    );
  if (taken !== undefined)
    return blocked(
      'portfolio',
      `the portfolio has another repository named ${idea.repoName} (${taken})`,
      'rename one of the two entries',
    );
  await end(world, work, 'portfolio', told);
  return ok(undefined);
}

/** A repository that was there before the idea is only enrolled. */
export async function enrolExisting(world: RunWorld, work: IdeaAtWork): Promise<Stepped<void>> {
  const { idea, path } = work;
  const identified = await world.mirrors.identify({ name: idea.repoName, path, branch: '' });
  if (!identified.ok)
    return blocked(
      'triage',
      `there is a repository at ${path} that cannot be used: ${identified.failure.message}`,
      'give it a first commit, move it away, or give the idea another repo_name',
    );
  return enrol(world, work, identified.value.branch);
}
