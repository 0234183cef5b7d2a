import type { Repo } from '../domain/repo.ts';
import { callForVisit } from '../rules/call-for-visit.ts';
import { orderVisits } from '../rules/order-visits.ts';
import { currentFingerprint } from '../session/current-fingerprint.ts';
import type { OpenWorld, RunOrder } from './run-world.ts';

/** What a cycle would visit, in order and why, and what it would leave alone. Starts no agent and writes nothing of the user's. */
export async function dryRun(
  world: OpenWorld,
  order: RunOrder,
  repos: readonly Repo[],
  json: boolean,
): Promise<readonly string[]> {
  const views = new Map((await world.ledger.repos()).map((view) => [view.name, view]));
  const candidates = orderVisits(
    repos.map((repo) => ({
      repo,
      ciRed: views.get(repo.name)?.ci === 'red',
      operatorTasks: 0,
      lastVisit: views.get(repo.name)?.lastVisit,
    })),
  );
  const rows: { repo: string; visit: boolean; why: string; land: string; task_cap: number; agent: string }[] =
    [];
  const reached = new Map<string, string>();
  for (const { repo } of candidates) {
    const options = await order.optionsFor(repo);
    const row = {
      repo: repo.name,
      land: options.land,
      task_cap: options.tasks_per_repo,
      agent: options.agent,
    };
    const identified = await world.mirrors.identify(repo);
    if (!identified.ok) {
      rows.push({ ...row, visit: false, why: identified.failure.message });
      continue;
    }
    const twin = reached.get(identified.value.gitDir);
    if (twin !== undefined) {
      rows.push({ ...row, visit: false, why: `the same repository as ${twin}, reached by another path` });
      continue;
    }
    reached.set(identified.value.gitDir, repo.name);
    const view = views.get(repo.name);
    const quiet = view?.lastState === 'no_work';
    const signals = callForVisit({
      lastState: view?.lastState,
      ci: view?.ci,
      failures: view?.failures ?? 0,
      quietFingerprint: view?.quietFingerprint,
      fingerprint: quiet
        ? await currentFingerprint(world, { repo, identity: identified.value, options })
        : undefined,
    });
    rows.push({ ...row, visit: signals.length > 0, why: signals.join('; ') || 'no signal' });
  }
  if (json) return [JSON.stringify({ schema_version: 1, dry_run: true, repos: rows })];
  const visits = rows.filter((row) => row.visit);
  const width = Math.max(4, ...rows.map((row) => row.repo.length));
  return [
    `A cycle would visit ${visits.length} of ${rows.length} repositories, ${order.options.parallel_repos} at once. Nothing was started.`,
    ...rows.map(
      (row) =>
        `  ${row.visit ? '+' : '-'} ${row.repo.padEnd(width)}  ${row.visit ? `up to ${row.task_cap} tasks, land ${row.land}: ` : ''}${row.why}`,
    ),
  ];
}
