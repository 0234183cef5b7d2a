import { isoUtc } from '../domain/time.ts';
import { lastWorked, membershipOf } from '../rules/membership.ts';
import { isoOrNull } from '../status/instants.ts';
import type { CommonFlags } from './context.ts';
import { readRepos } from './find-repo.ts';
import type { FrontContext } from './front-context.ts';
import { type WorkedOn, withRemoteWork } from './remote-work.ts';
import { alignRows } from './table.ts';

/** Every entry, and whether it is in. */
export async function listRepos(context: FrontContext, flags: CommonFlags): Promise<number> {
  const home = await context.home(flags);
  const repos = await readRepos(context, home);
  const discovery = await context.discovery(home);
  const window = { now: context.now(), days: home.options.activity_window_days };
  const looks = new Map<string, WorkedOn>();
  for (const { path } of repos) {
    const seen = await discovery.look(path);
    if (seen) looks.set(path, seen);
  }
  const open = repos.flatMap(({ path, pinned, ignored }) =>
    pinned || ignored ? [] : (looks.get(path) ?? []),
  );
  for (const seen of await withRemoteWork(context, home, open, window)) looks.set(seen.path, seen);
  const rows = repos.map((repo) => {
    const seen = looks.get(repo.path);
    return { repo, seen, membership: membershipOf(repo, seen, window) };
  });

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
        last_active: isoOrNull(seen && lastWorked(seen)),
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
