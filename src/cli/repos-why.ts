import { isoUtc } from '../domain/time.ts';
import { standingOf } from '../rules/standing.ts';
import type { CommonFlags } from './context.ts';
import { findRepo, readRepos } from './find-repo.ts';
import type { FrontContext } from './front-context.ts';
import { alignRows } from './table.ts';

/** Why one repository is in or out, and the facts behind it. */
export async function whyRepo(context: FrontContext, name: string, flags: CommonFlags): Promise<number> {
  const home = await context.home(flags);
  const repos = await readRepos(context, home);
  const repo = findRepo(repos, name);
  const discovery = await context.discovery(home);
  const seen = await discovery.look(repo.path);
  const standing = standingOf(repo, seen, { now: context.now(), days: home.options.activity_window_days });
  const sameAs: string[] = [];
  for (const other of repos) {
    if (other === repo || !seen) continue;
    if ((await discovery.look(other.path))?.gitDir === seen.gitDir) sameAs.push(other.name);
  }
  const moment = (at: number | undefined): string | null => (at === undefined ? null : isoUtc(at));

  if (flags.json) {
    const answer = {
      schema_version: 1,
      name,
      path: repo.path,
      branch: repo.branch,
      in: standing.in,
      reason: standing.reason,
      why: standing.why,
      pinned: repo.pinned,
      ignored: repo.ignored,
      missing: seen === undefined,
      last_commit: moment(seen?.lastCommit),
      last_active: moment(seen?.lastActive),
      same_as: sameAs,
      options: repo.options,
    };
    context.print(JSON.stringify(answer, undefined, 2));
    return 0;
  }
  context.print(`${name} is ${standing.why}`);
  const facts = [
    ['path', repo.path],
    ['branch', repo.branch || seen?.defaultBranch || '(detected at the first visit)'],
    ['last commit', moment(seen?.lastCommit) ?? 'none'],
    ['last active', moment(seen?.lastActive) ?? 'never'],
    ...sameAs.map((other) => ['same as', `${other}: both paths lead to one repository`]),
    ...Object.entries(repo.options).map(([option, value]) => [option, JSON.stringify(value)]),
  ];
  for (const line of alignRows(facts)) context.print(`  ${line}`);
  return 0;
}
