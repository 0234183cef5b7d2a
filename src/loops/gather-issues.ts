import type { Options } from '../config/options.ts';
import type { IssueRow, TrustedIssue } from '../domain/issue.ts';
import type { Repo } from '../domain/repo.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { IssueView } from '../ledger/views.ts';
import type { Slug } from '../ports/forge.ts';
import type { World } from '../ports/world.ts';
import type { Trust } from '../rules/issues/trust.ts';
import { mostIssues, trustedIssue } from '../rules/issues/trusted-issue.ts';
import { whoIsTrusted } from '../session/issue-trust.ts';
import { issueKey, judgeIssues } from './judge-issues.ts';
import { type Listed, listIssues } from './list-issues.ts';

export type IssueWorld = Pick<World, 'forge' | 'clock'> & { readonly ledger: Ledger };

export interface IssueOrder {
  readonly options: Options;
  optionsFor(repo: Repo): Promise<Options>;
}

/**
 * The open issues that may be worked on, by name of the repository: judged once, and again only when they or the
 * trusted people change. While nothing changes this is one conditional request for the whole portfolio. A repository
 * without an entry was not looked at. `slugs`: where each repository is on the forge, by name.
 */
export async function gatherIssues(
  world: IssueWorld,
  order: IssueOrder,
  repos: readonly Repo[],
  slugs: ReadonlyMap<string, Slug>,
): Promise<ReadonlyMap<string, readonly TrustedIssue[]>> {
  const { forge, ledger } = world;
  const wanted = repos.filter((repo) => mayBeWanted(repo, order.options));
  if (!forge || wanted.length === 0) return new Map();
  const trust = await whoIsTrusted(forge, order.options);
  if (!trust.ok) return unread(ledger, trust.failure.message);
  await tellReaders(ledger, trust.value);
  const listed = await listIssues(world, wanted, slugs);
  if (!listed.ok) return unread(ledger, listed.failure.message);

  const enabled: Listed[] = [];
  for (const one of listed.value) if (await isEnabled(order, one)) enabled.push(one);
  const judged = await judgeIssues({ forge, ledger }, trust.value, enabled);
  await tellGone(ledger, enabled, judged);
  const gathered = new Map<string, readonly TrustedIssue[]>();
  for (const { repo, rows } of enabled) {
    const known = rows.map((row) => ({ row, view: judged.get(issueKey(repo.name, row.number)) }));
    gathered.set(repo.name, await worthOffering(ledger, known));
  }
  return gathered;
}

/** A repository's own options are read only where it has issues: reading them costs more than all the rest. */
function mayBeWanted(repo: Repo, options: Options): boolean {
  return !repo.ignored && (options.issues_enabled || repo.options['issues_enabled'] === true);
}

async function isEnabled(order: IssueOrder, { repo, rows }: Listed): Promise<boolean> {
  return rows.length === 0 || (await order.optionsFor(repo)).issues_enabled;
}

async function unread(ledger: Ledger, why: string): Promise<ReadonlyMap<string, readonly TrustedIssue[]>> {
  await ledger.record({ type: 'warned', message: `issues could not be read: ${why}` });
  return new Map();
}

/** Told when it changes, so that a person sees whose word counts. */
async function tellReaders(ledger: Ledger, trust: Trust): Promise<void> {
  const bots = [...trust.accounts.keys()].filter((id) => id !== trust.owner).toSorted((a, b) => a - b);
  const apps = [...trust.apps].toSorted((a, b) => a - b);
  const before = await ledger.issueReaders();
  const same =
    before &&
    JSON.stringify([before.owner, before.bots, before.apps]) === JSON.stringify([trust.owner, bots, apps]);
  if (!same) await ledger.record({ type: 'issue-readers-known', owner: trust.owner, bots, apps });
}

/** An issue that is closed, moved or deleted is not counted any more. */
async function tellGone(
  ledger: Ledger,
  listed: readonly Listed[],
  views: ReadonlyMap<string, IssueView>,
): Promise<void> {
  const whole = new Map(
    listed
      .filter(({ complete }) => complete)
      .map(({ repo, rows }) => [repo.name, new Set(rows.map(({ number }) => number))]),
  );
  for (const { repo, number, state } of views.values()) {
    if (state === 'gone' || whole.get(repo)?.has(number) !== false) continue;
    await ledger.record({ type: 'issue-gone', repo, number });
  }
}

/** Accepted ones that nobody has done yet, the oldest first. */
async function worthOffering(
  ledger: Ledger,
  judged: readonly { readonly row: IssueRow; readonly view: IssueView | undefined }[],
): Promise<readonly TrustedIssue[]> {
  const offered: TrustedIssue[] = [];
  for (const { row, view } of judged.toSorted((a, b) => a.row.number - b.row.number)) {
    if (view?.state !== 'accepted' || offered.length >= mostIssues) continue;
    if (view.done?.content === view.content && !(await wasTakenBack(ledger, view.done.session))) continue;
    offered.push(trustedIssue(row, view.snapshot));
  }
  return offered;
}

/** What was done and then reverted, because CI stayed red, is to be done again. */
async function wasTakenBack(ledger: Ledger, session: string): Promise<boolean> {
  return (await ledger.session(session))?.ci?.state === 'reverted';
}
