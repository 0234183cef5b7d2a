import type { Repo } from '../domain/repo.ts';
import type { PortfolioEdit } from '../ports/portfolio.ts';
import type { CommonFlags } from './context.ts';
import { findRepo } from './find-repo.ts';
import type { FrontContext } from './front-context.ts';
import { fileProblem } from './problems.ts';

interface Mark {
  readonly set: Readonly<Record<string, true>>;
  readonly unset: readonly string[];
  readonly said: string;
}

/** Whoever pins wants it in, and whoever ignores wants it out: the other mark goes. */
const marks = {
  pin: { set: { pinned: true }, unset: ['ignored'], said: 'is pinned: always in' },
  unpin: { set: {}, unset: ['pinned'], said: 'is not pinned any more: activity decides' },
  ignore: { set: { ignored: true }, unset: ['pinned'], said: 'is ignored: never visited' },
  unignore: { set: {}, unset: ['ignored'], said: 'is not ignored any more' },
} as const satisfies Record<string, Mark>;

/** Pins, unpins, ignores or unignores. One unknown name, and nothing is changed. */
export async function changeMark(
  context: FrontContext,
  name: keyof typeof marks,
  repos: readonly string[],
  flags: CommonFlags,
): Promise<number> {
  const { set, unset, said }: Mark = marks[name];
  await changeEach(context, repos, flags, (repo) => [
    ...(Object.keys(set).length > 0 ? [{ edit: 'set', name: repo.name, values: set } as const] : []),
    { edit: 'unset', name: repo.name, keys: unset },
  ]);
  for (const repo of new Set(repos)) context.print(`${repo} ${said}`);
  return 0;
}

/** Takes entries out. One unknown name, and nothing is changed. */
export async function removeRepos(
  context: FrontContext,
  repos: readonly string[],
  flags: CommonFlags,
): Promise<number> {
  await changeEach(context, repos, flags, ({ name }) => [{ edit: 'remove', name }]);
  for (const repo of new Set(repos)) context.print(`${repo} is out of the portfolio; its files stay`);
  context.print('a later `clone discover` may find it again; `clone repos ignore` keeps one out for good');
  return 0;
}

async function changeEach(
  context: FrontContext,
  names: readonly string[],
  flags: CommonFlags,
  edits: (repo: Repo) => readonly PortfolioEdit[],
): Promise<void> {
  const home = await context.home(flags);
  const portfolio = await context.portfolio(home);
  const changed = await portfolio.change((repos) =>
    names.map((name) => findRepo(repos, name)).flatMap(edits),
  );
  if (!changed.ok) throw fileProblem(changed.failure);
}
