import { isoUtc } from '../domain/time.ts';
import { membershipOf } from '../rules/membership.ts';
import type { CommonFlags } from './context.ts';
import { readRepos } from './find-repo.ts';
import type { FrontContext } from './front-context.ts';
import { alignRows } from './table.ts';

/** Every entry, and whether it is in. */
export async function listRepos(context: FrontContext, flags: CommonFlags): Promise<number> {
  const home = await context.home(flags);
  const repos = await readRepos(context, home);
  const discovery = await context.discovery(home);
  const window = { now: context.now(), days: home.options.activity_window_days };
  const rows = [];
  for (const repo of repos) {
    const seen = await discovery.look(repo.path);
    rows.push({ repo, seen, membership: membershipOf(repo, seen, window) });
  }

  if (flags.json) {
    const answer = {
      schema_version: 1,
      generated_at: isoUtc(window.now),
      home: home.folder,
      repos: rows.map(({ repo, seen, membership }) => ({
        name: repo.name,
        path: repo.path,
        branch: repo.branch,
        last_commit: repo.lastCommit ?? null,
        last_active: seen?.lastActive === undefined ? null : isoUtc(seen.lastActive),
        objective: repo.objective,
        pinned: repo.pinned,
        ignored: repo.ignored,
        missing: seen === undefined,
        options: repo.options,
        in: membership.in,
        why: membership.why,
      })),
    };
    context.print(JSON.stringify(answer, undefined, 2));
    return 0;
  }
  if (repos.length === 0) context.print('the portfolio is empty; clone discover ROOT fills it');
  const lines = alignRows(
    rows.map(({ repo, membership }) => [repo.name, repo.branch, membership.why]),
    context.terminal ? context.columns : undefined,
  );
  for (const line of lines) context.print(line);
  return 0;
}
