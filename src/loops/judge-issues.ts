import type { Fact } from '../domain/fact.ts';
import type { IssueHistory, IssueRow, Refused } from '../domain/issue.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { IssueView } from '../ledger/views.ts';
import type { Forge, Slug } from '../ports/forge.ts';
import { type IssuePlace, placeKey } from '../ports/forge-issues.ts';
import { judgeHistory, judgeRow } from '../rules/issues/judge-issue.ts';
import { isPassing } from '../rules/issues/refusal-words.ts';
import { contentOf, rowDigest, snapshotOf } from '../rules/issues/snapshot.ts';
import type { Ground, Trust } from '../rules/issues/trust.ts';
import { readVisible } from '../rules/issues/visible-text.ts';
import type { Listed } from './list-issues.ts';

/** So many changed issues are looked at closely in one cycle; the rest waits for the next. */
const mostHistories = 200;

/** The key of an issue in the ledger. */
export function issueKey(repo: string, number: number): string {
  return `${repo}#${number}`;
}

interface Case {
  readonly repo: string;
  readonly row: IssueRow;
  readonly place: IssuePlace;
  readonly ground: Ground;
  readonly digest: string;
  /** The judgement so far. */
  readonly before: IssueView | undefined;
}

/**
 * Judges every listed issue that has no judgement yet, or one that does not hold any more, and records what is new.
 * Answers the judgements that hold now, by `issueKey`.
 */
export async function judgeIssues(
  world: { readonly forge: Pick<Forge, 'issues'>; readonly ledger: Pick<Ledger, 'issues' | 'record'> },
  trust: Trust,
  listed: readonly Listed[],
): Promise<ReadonlyMap<string, IssueView>> {
  const { forge, ledger } = world;
  const before = new Map((await ledger.issues({})).map((view) => [issueKey(view.repo, view.number), view]));
  const cases = listed.flatMap((one) => casesOf(one, trust, before));
  const facts: Fact[] = [];
  const close: Case[] = [];
  for (const one of cases) {
    const refused = judgeRow(one.row, one.ground);
    if (refused) facts.push(...tellRefused(one, refused));
    else close.push(one);
  }
  const now = close.slice(0, mostHistories);
  const read = now.length > 0 ? await forge.issues.histories(now.map(({ place }) => place)) : undefined;
  for (const one of now) {
    const history = read?.ok ? read.value.get(placeKey(one.place)) : undefined;
    const refused = judgeHistory(one.row, history, one.ground);
    if (refused || !history) facts.push(...tellRefused(one, refused ?? { reason: 'not-checked' }));
    else facts.push(tellAccepted(one, history));
  }
  if (facts.length > 0) await ledger.record(...facts);
  const waiting = new Set(close.slice(mostHistories).map(({ repo, row }) => issueKey(repo, row.number)));
  const views = facts.length > 0 ? await ledger.issues({}) : [...before.values()];
  return new Map(
    views
      .map((view) => [issueKey(view.repo, view.number), view] as const)
      .filter(([key]) => !waiting.has(key)),
  );
}

/** The issues of a repository without a judgement that holds. Pull requests are in the lists, but no issues. */
function casesOf(
  { repo, slug, id, rows }: Listed,
  trust: Trust,
  views: ReadonlyMap<string, IssueView>,
): readonly Case[] {
  const ground = { trust, repositoryId: id };
  return rows
    .filter((row) => !row.pullRequest)
    .map((row) => ({
      repo: repo.name,
      row,
      place: { slug: slug satisfies Slug, number: row.number },
      ground,
      digest: rowDigest(row, ground),
      before: views.get(issueKey(repo.name, row.number)),
    }))
    .filter(({ digest, before }) => before?.row !== digest || (before.reason && isPassing(before.reason)));
}

/** Told once: the same refusal again is no news. */
function tellRefused({ repo, row, digest, before }: Case, { reason, id }: Refused): readonly Fact[] {
  const known = before?.state === 'refused' && before.reason === reason && before.id === id;
  if (known && before.row === digest) return [];
  return [{ type: 'issue-refused', repo, number: row.number, reason, id, row: digest }];
}

function tellAccepted({ repo, row, digest }: Case, history: IssueHistory): Fact {
  return {
    type: 'issue-accepted',
    repo,
    number: row.number,
    author: history.author?.id ?? 0,
    row: digest,
    snapshot: snapshotOf(history),
    content: contentOf(history),
    hidden: readVisible(row.body).hidden,
  };
}
