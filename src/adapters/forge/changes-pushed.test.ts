import { describe, expect, it } from 'vitest';
import { failed, ok } from '../../domain/result.ts';
import { pushedRepos } from './changes-pushed.ts';
import type { GithubClient, Question } from './github-client.ts';

/** A list of GitHub's, newest first, answered in pages; the first page is confirmed while it is as it was. */
function listOf(repos: Map<string, number>) {
  const asked: number[] = [];
  let failing = 0;
  let cached: { tag: string; value: unknown } | undefined;
  const client = {
    get<T>({ parameters, read, conditional }: Question<T>) {
      const page = Number(parameters['page']);
      asked.push(page);
      if (page === failing)
        return Promise.resolve(failed({ kind: 'unavailable' as const, message: 'no answer' }));
      const sorted = [...repos].sort((a, b) => b[1] - a[1]);
      const rows = sorted
        .slice((page - 1) * 100, page * 100)
        .map(([name, at]) => ({ full_name: name, pushed_at: new Date(at * 1000).toISOString() }));
      const tag = JSON.stringify(rows);
      if (conditional && cached?.tag === tag) return Promise.resolve(ok(cached.value as T));
      const value = read(rows, sorted.length > page * 100 ? { link: '<x>; rel="next"' } : {});
      if (conditional) cached = { tag, value };
      return Promise.resolve(ok(value));
    },
  } satisfies Pick<GithubClient, 'get'>;
  return {
    ask: pushedRepos(client),
    asked: () => asked.splice(0),
    fail: (page: number) => {
      failing = page;
    },
  };
}

const portfolio = (count: number) =>
  new Map(Array.from({ length: count }, (_, index) => [`Me/Repo-${index}`, index]));

describe('what was pushed', () => {
  it('is read once, and costs one request while nothing was pushed', async () => {
    const list = listOf(portfolio(250));
    const first = await list.ask();
    expect(first.ok && first.value.size).toBe(250);
    expect(first.ok && first.value.get('me/repo-7')).toBe(7000);
    expect(list.asked()).toEqual([1, 2, 3]);
    await list.ask();
    await list.ask();
    expect(list.asked()).toEqual([1, 1]);
  });

  it('is read only as far as it is new', async () => {
    const repos = portfolio(1000);
    const list = listOf(repos);
    await list.ask();
    list.asked();
    repos.set('Me/Repo-3', 2000);
    const told = await list.ask();
    expect(told.ok && told.value.get('me/repo-3')).toBe(2_000_000);
    expect(list.asked()).toEqual([1]);

    for (let index = 0; index < 150; index += 1) repos.set(`Me/Repo-${index}`, 3000 + index);
    const many = await list.ask();
    expect(many.ok && many.value.get('me/repo-0')).toBe(3_000_000);
    expect(list.asked()).toEqual([1, 2]);
  });

  it('is read anew after a page that could not be had', async () => {
    const repos = portfolio(300);
    const list = listOf(repos);
    await list.ask();
    for (let index = 0; index < 250; index += 1) repos.set(`Me/Repo-${index}`, 3000 + index);
    list.fail(2);
    expect(await list.ask()).toMatchObject({ ok: false });
    list.fail(0);
    list.asked();
    const told = await list.ask();
    expect(told.ok && told.value.get('me/repo-0')).toBe(3_000_000);
    expect(list.asked()).toEqual([1, 2, 3]);
  });

  it.each<[what: string, data: unknown]>([
    ['no list', { message: 'x' }],
    ['rows that are none', [null, 7, 'x', {}, { full_name: 'me/a' }, { full_name: 'me/a', pushed_at: null }]],
  ])('is nothing for %s', async (_what, data) => {
    const client = { get: <T>({ read }: Question<T>) => Promise.resolve(ok(read(data, {}))) };
    const told = await pushedRepos(client)();
    expect(told.ok && told.value.size).toBe(0);
  });
});
