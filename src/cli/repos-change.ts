import type { Repo } from '../domain/repo.ts';
import type { PortfolioEdit } from '../ports/portfolio.ts';
import type { CommonFlags } from './context.ts';
import { findRepo } from './find-repo.ts';
import type { FrontContext } from './front-context.ts';
import { fileProblem } from './problems.ts';

interface Mark {
  readonly set: Readonly<Record<string, true>>;
  readonly unset: readonly string[];
  /** What is said of a repository, which is as it was before. */
  readonly said: (before: Repo) => string;
}

/** Whoever pins wants it in, and whoever ignores wants it out: the other mark goes. */
const marks = {
  pin: {
    set: { pinned: true },
    unset: ['ignored'],
    said: ({ pinned, ignored }) =>
      pinned && !ignored
        ? 'was pinned already: always in'
        : `is pinned: always in${ignored ? ', and not ignored any more' : ''}`,
  },
  unpin: {
    set: {},
    unset: ['pinned'],
    said: ({ pinned, ignored }) =>
      pinned
        ? `is not pinned any more: ${ignored ? 'it stays ignored' : 'activity decides'}`
        : 'was not pinned; nothing is changed',
  },
  ignore: {
    set: { ignored: true },
    unset: ['pinned'],
    said: ({ pinned, ignored }) =>
      ignored && !pinned
        ? 'was ignored already: never visited'
        : `is ignored: never visited${pinned ? '; its pin is taken off' : ''}`,
  },
  unignore: {
    set: {},
    unset: ['ignored'],
    said: ({ pinned, ignored }) =>
      ignored
        ? `is not ignored any more: ${pinned ? 'it is pinned, always in' : 'activity decides, clone repos pin keeps it in'}`
        : 'was not ignored; nothing is changed',
  },
} as const satisfies Record<string, Mark>;

/** Pins, unpins, ignores or unignores. One unknown name, and nothing is changed. */
export async function changeMark(
  context: FrontContext,
  name: keyof typeof marks,
  repos: readonly string[],
  flags: CommonFlags,
): Promise<number> {
  const { set, unset, said }: Mark = marks[name];
  const words = new Map<string, string>();
  await changeEach(context, repos, flags, (repo) => {
    words.set(repo.name, said(repo));
    return [
      ...(Object.keys(set).length > 0 ? [{ edit: 'set', name: repo.name, values: set } as const] : []),
      { edit: 'unset', name: repo.name, keys: unset },
    ];
  });
  for (const [repo, what] of words) context.print(`${repo} ${what}`);
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
