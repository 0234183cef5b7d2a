import type { Actor } from '../../domain/issue.ts';
import { failed, ok, type Result } from '../../domain/result.ts';
import type { ForgeFailure, Slug } from '../../ports/forge.ts';
import type { ForgeIssues, OpenIssues } from '../../ports/forge-issues.ts';
import type { GithubClient, Question } from './github-client.ts';
import { historyQuery, readHistories } from './issue-histories.ts';
import { readIssueRows } from './issue-rows.ts';
import { asRow, asText } from './read-rows.ts';
import { idQuery, readIds } from './repository-ids.ts';

const perPage = 100;
/** Pages of the list of everything, and of one repository's. */
const mostPages = 10;
const mostPagesOfOne = 2;
/** Issues and repositories in one GraphQL request. */
const historiesAtOnce = 20;
const idsAtOnce = 100;

/** Issues of GitHub: lists by REST, which are conditional; who changed them by GraphQL, which alone tells. */
export function issuesOfGithub(client: GithubClient): ForgeIssues {
  let me: (Actor & { readonly login: string }) | undefined;
  const everything = pagedList(client, 'GET /issues', mostPages);
  const lists = new Map<Slug, typeof everything>();

  return {
    async viewer() {
      if (me) return ok(me);
      const asked = await askViewer(client);
      if (asked.ok) me = asked.value;
      return asked;
    },
    open: () => everything({ filter: 'all' }),
    openOf(slug) {
      const [owner = '', repo = ''] = slug.split('/');
      const list = lists.get(slug) ?? pagedList(client, 'GET /repos/{owner}/{repo}/issues', mostPagesOfOne);
      lists.set(slug, list);
      return list({ owner, repo });
    },
    histories: (places) =>
      inBatches(places, historiesAtOnce, (batch) => {
        const { text, aliases } = historyQuery(batch);
        return client.query(text, (answer) => readHistories(answer, aliases));
      }),
    repositoryIds: (slugs) =>
      inBatches(slugs, idsAtOnce, (batch) => {
        const { text, aliases } = idQuery(batch);
        return client.query(text, (answer) => readIds(answer, aliases));
      }),
  };
}

/**
 * A list that is read on only when its first page changed: what changes comes to the front. What leaves the other
 * pages without a change at the front is seen when it is read again before its visit.
 */
function pagedList(client: GithubClient, route: string, most: number) {
  let last: { front: OpenIssues; whole: OpenIssues } | undefined;
  return async (parameters: Question<unknown>['parameters']): Promise<Result<OpenIssues, ForgeFailure>> => {
    const page = (number: number) =>
      client.get<OpenIssues>({
        route,
        parameters: {
          ...parameters,
          state: 'open',
          sort: 'updated',
          direction: 'desc',
          per_page: perPage,
          page: number,
        },
        polling: true,
        conditional: number === 1,
        read: (data, headers) => ({
          rows: readIssueRows(data),
          complete: !/rel="next"/.test(String(headers['link'] ?? '')),
        }),
      });
    const front = await page(1);
    if (!front.ok) return front;
    // The same object: the forge said that nothing changed.
    if (front.value === last?.front) return ok(last.whole);
    const rows = [...front.value.rows];
    let complete = front.value.complete;
    for (let number = 2; !complete && number <= most; number += 1) {
      const next = await page(number);
      if (!next.ok) return next;
      rows.push(...next.value.rows);
      complete = next.value.complete;
    }
    last = { front: front.value, whole: { rows, complete } };
    return ok(last.whole);
  };
}

async function askViewer(
  client: GithubClient,
): Promise<Result<Actor & { readonly login: string }, ForgeFailure>> {
  const user = await client.get({
    route: 'GET /user',
    parameters: {},
    read: (data) => {
      const row = asRow(data);
      const id = row?.['id'];
      return {
        login: asText(row?.['login']),
        type: asText(row?.['type']),
        id: typeof id === 'number' ? id : 0,
      };
    },
  });
  if (user.ok && user.value.id <= 0)
    return failed({ kind: 'unavailable', message: 'the answer names no user' });
  return user;
}

/** One after the other; the first that fails ends it, and what was read before is lost with it. */
async function inBatches<Item, Value>(
  items: readonly Item[],
  size: number,
  ask: (batch: readonly Item[]) => Promise<Result<ReadonlyMap<string, Value>, ForgeFailure>>,
): Promise<Result<ReadonlyMap<string, Value>, ForgeFailure>> {
  const all = new Map<string, Value>();
  for (let from = 0; from < items.length; from += size) {
    const some = await ask(items.slice(from, from + size));
    if (!some.ok) return some;
    for (const [key, value] of some.value) all.set(key, value);
  }
  return ok(all);
}
