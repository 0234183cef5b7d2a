import type { Repo } from '../domain/repo.ts';
import { isoUtc } from '../domain/time.ts';
import type { RepoView } from '../ledger/views.ts';
import { type CandidateRow, candidates } from '../loops/candidates.ts';
import { ago, lastWorked, membershipOf } from '../rules/membership.ts';
import { oneLine } from '../status/one-line.ts';
import type { CommonFlags } from './context.ts';
import { findRepo, readRepos } from './find-repo.ts';
import type { FrontContext, OpenedHome } from './front-context.ts';
import { type WorkedOn, withRemoteWork } from './remote-work.ts';
import { alignRows } from './table.ts';

/** Why one repository is in or out, when its next visit is and why, and the facts behind both. */
export async function whyRepo(context: FrontContext, name: string, flags: CommonFlags): Promise<number> {
  const home = await context.home(flags);
  const repos = await readRepos(context, home);
  const repo = findRepo(repos, name);
  const discovery = await context.discovery(home);
  const window = { now: context.now(), days: home.options.activity_window_days };
  const looked = await discovery.look(repo.path);
  const open = looked && !repo.pinned && !repo.ignored ? [looked] : [];
  const [asked] = await withRemoteWork(context, home, open, window);
  const seen: WorkedOn | undefined = asked ?? looked;
  const membership = membershipOf(repo, seen, window);
  const sameAs: string[] = [];
  for (const other of repos) {
    if (other === repo || !seen) continue;
    if ((await discovery.look(other.path))?.gitDir === seen.gitDir) sameAs.push(other.name);
  }
  const { row, view } = await nextVisit(context, home, { repo, repos });
  const moment = (at: number | undefined): string | null => (at === undefined ? null : isoUtc(at));

  if (flags.json) {
    const answer = {
      schema_version: 1,
      name,
      path: repo.path,
      branch: repo.branch,
      in: membership.in,
      reason: membership.reason,
      why: membership.why,
      pinned: repo.pinned,
      ignored: repo.ignored,
      missing: seen === undefined,
      last_commit: moment(seen?.lastCommit) ?? repo.lastCommit ?? null,
      last_active: moment(seen && lastWorked(seen)),
      same_as: sameAs,
      options: repo.options,
      next_visit: row && {
        visit: row.visit,
        why: row.why,
        standing: row.standing,
        signals: row.signals,
        compared: row.compared,
        branch_ci: row.branch_ci,
        next_due: row.next_due,
        sooner: row.sooner,
        last_visit: moment(view?.lastVisit),
        last_state: view?.lastState ?? null,
      },
    };
    context.print(JSON.stringify(answer, undefined, 2));
    return 0;
  }
  context.print(`${name} is ${membership.why}`);
  const facts = [
    ['path', repo.path],
    ['branch', repo.branch || seen?.defaultBranch || '(detected at the first visit)'],
    ['last commit', moment(seen?.lastCommit) ?? lastKnown(repo)],
    ['last active', moment(seen && lastWorked(seen)) ?? (seen === undefined ? 'not known' : 'never')],
    ...sameAs.map((other) => ['same as', `${other}: both paths lead to one repository`]),
    ...Object.entries(repo.options).map(([option, value]) => [option, JSON.stringify(value)]),
    ...(row ? visitRows(row, view, context.now()) : []),
  ];
  for (const line of alignRows(facts)) context.print(`  ${line}`);
  return 0;
}

function lastKnown({ lastCommit }: Repo): string {
  return lastCommit === undefined ? 'none' : `${lastCommit}, as repos.yaml has it`;
}

/** What the next cycle would do with it; undefined: it is ignored. */
async function nextVisit(
  context: FrontContext,
  home: OpenedHome,
  { repo, repos }: { repo: Repo; repos: readonly Repo[] },
): Promise<{ row: CandidateRow | undefined; view: RepoView | undefined }> {
  if (repo.ignored) return { row: undefined, view: undefined };
  const world = await context.world(home);
  await using ledger = world.ledger;
  const order = { options: home.options, optionsFor: (one: Repo) => home.optionsFor(one), only: [] };
  const how = { among: repos.filter((one) => !one.ignored), mayAsk: false };
  const [row] = await candidates({ ...world, ledger }, order, [repo], how);
  return { row, view: await ledger.repo(repo.name) };
}

function visitRows(row: CandidateRow, view: RepoView | undefined, now: number): string[][] {
  const compared = Object.entries(row.compared);
  const changed = compared.filter(([, how]) => how === 'changed').map(([part]) => part);
  const same = compared.filter(([, how]) => how === 'same').map(([part]) => part);
  const last = view?.lastVisit === undefined ? 'never' : `${ago(view.lastVisit, now)}, ${endOf(view)}`;
  return [
    ['next visit', row.visit ? `in the next cycle: ${row.why}` : `not now: ${row.why}`],
    ['last visit', last],
    ...(row.standing === null ? [] : [['standing', row.standing]]),
    ...row.signals.map(({ source, trust, score, text }) => [
      'signal',
      `${text} (${source}, ${trust}, ${score})`,
    ]),
    ...(row.branch_ci === null ? [] : [['branch CI', ciWords(row.branch_ci)]]),
    ...(changed.length === 0 ? [] : [['changed', changed.join(', ')]]),
    ...(same.length === 0 ? [] : [['same', same.join(', ')]]),
    ...(row.next_due === null ? [] : [['next due', row.next_due]]),
    ...(row.sooner === null ? [] : [['sooner with', row.sooner]]),
  ];
}

/** What CI says of what somebody else pushed. */
function ciWords({ state, sha, why, url }: NonNullable<CandidateRow['branch_ci']>): string {
  const at = sha === null ? '' : ` on ${sha.slice(0, 12)}`;
  return oneLine(`${state.replaceAll('_', ' ')}${at}: ${why}${url === null ? '' : ` (${url})`}`);
}

function endOf({ lastState, lastWhy }: RepoView): string {
  const state = (lastState ?? '').replaceAll('_', ' ');
  return lastWhy === undefined || lastWhy === '' ? state : `${state}: ${lastWhy}`;
}
