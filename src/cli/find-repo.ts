import { didYouMean } from '../domain/nearest-name.ts';
import type { Repo } from '../domain/repo.ts';
import type { CliContext, Home } from './context.ts';
import { fileProblem, usageProblem } from './problems.ts';

/** The portfolio of a home; a file that cannot be read is a CliProblem. */
export async function readRepos(context: CliContext, home: Home): Promise<readonly Repo[]> {
  const read = await (await context.portfolio(home)).read();
  if (!read.ok) throw fileProblem(read.failure);
  return read.value;
}

/** The entry with that name; an unknown name is a CliProblem that suggests the nearest one. */
export function findRepo(repos: readonly Repo[], name: string): Repo {
  const repo = repos.find((candidate) => candidate.name === name);
  if (repo) return repo;
  const names = repos.map((candidate) => candidate.name);
  throw usageProblem(
    'repo-unknown',
    `there is no repository named ${name} in the portfolio`,
    didYouMean(name, names, 'clone repos list shows them; clone repos add PATH adds one'),
  );
}
