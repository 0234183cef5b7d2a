import type { Repo } from '../domain/repo.ts';
import type { Discovery, FoundRepo } from '../ports/discovery.ts';
import type { PortfolioEdit } from '../ports/portfolio.ts';
import { membershipOf } from '../rules/membership.ts';
import { newEntry } from '../rules/merge-discovery.ts';
import type { CommonFlags } from './context.ts';
import { readRepos } from './find-repo.ts';
import type { FrontContext } from './front-context.ts';
import { fileProblem, usageProblem } from './problems.ts';
import { withRemoteWork } from './remote-work.ts';

export interface AddFlags extends CommonFlags {
  readonly name?: string;
  readonly branch?: string;
  readonly objective?: string;
  readonly pin?: boolean;
}

/** Puts one repository in; one that is in already, under whichever path, is said and left as it is. */
export async function addRepo(context: FrontContext, path: string, flags: AddFlags): Promise<number> {
  const home = await context.home(flags);
  const folder = (await context.files()).resolve(path);
  const discovery = await context.discovery(home);
  const seen = await discovery.look(folder);
  if (!seen)
    throw usageProblem(
      'repo-missing',
      `there is no git repository at ${folder}`,
      'name the top folder of a repository, not a submodule of one; clone discover ROOT finds them',
    );
  if (seen.bare)
    throw usageProblem(
      'repo-bare',
      `${folder} is a bare repository; a checkout is needed`,
      `git clone ${folder} FOLDER, then clone repos add FOLDER`,
    );
  const looks = new Map<string, FoundRepo | undefined>();
  for (const repo of await readRepos(context, home)) looks.set(repo.path, await discovery.look(repo.path));

  const window = { now: context.now(), days: home.options.activity_window_days };
  const [worked = seen] = flags.pin ? [] : await withRemoteWork(context, home, [seen], window);
  let said = '';
  const added: Repo[] = [];
  const changed = await (await context.portfolio(home)).change((repos): readonly PortfolioEdit[] => {
    const present = repos.find(({ path: at }) => at === folder || looks.get(at)?.gitDir === seen.gitDir);
    if (present) {
      const marks = present.ignored ? '; it is ignored: clone repos unignore takes that back' : '';
      said = `${present.name} is in the portfolio already (${present.path})${marks}`;
      return [];
    }
    const repo = entryFor(seen, repos, flags);
    added.push(repo);
    const membership = membershipOf(repo, worked, window);
    // Whoever adds a quiet repository by hand wants it in.
    const pinned = repo.pinned || !membership.in;
    const why = !repo.pinned && pinned ? `, pinned, for otherwise it would be ${membership.why}` : '';
    said = `${repo.name} is in the portfolio${why}`;
    return [{ edit: 'add', repo: { ...repo, pinned } }];
  });
  if (!changed.ok) throw fileProblem(changed.failure);
  context.print(said);
  if (added.length > 0 && flags.branch !== undefined && !(await hasBranch(discovery, seen, flags.branch)))
    context.complain(
      `warning: ${folder} has no branch ${flags.branch}: make or fetch it before the first visit, or correct repos.yaml`,
    );
  return 0;
}

async function hasBranch(discovery: Discovery, { path, head }: FoundRepo, branch: string): Promise<boolean> {
  if (head.branch === branch) return true;
  const state = await discovery.state(path, { branches: [branch], files: [] });
  return state?.branch === branch;
}

function entryFor(seen: FoundRepo, repos: readonly Repo[], flags: AddFlags): Repo {
  const names = new Set(repos.map(({ name }) => name));
  if (flags.name !== undefined && names.has(flags.name))
    throw usageProblem(
      'name-taken',
      `there is a repository named ${flags.name} already`,
      'choose another --name',
    );
  const entry = newEntry(seen, names);
  return {
    ...entry,
    name: flags.name ?? entry.name,
    branch: flags.branch ?? entry.branch,
    objective: flags.objective ?? entry.objective,
    pinned: flags.pin ?? false,
  };
}
