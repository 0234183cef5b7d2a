import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memoryEventLog } from '../../../test/fakes/memory-event-log.ts';
import { openWorkBench, type WorkBench } from '../../../testkit/github/work-bench.ts';
import { type Options, optionTable } from '../../config/options.ts';
import type { LedgerEvent } from '../../domain/fact.ts';
import type { TrustedIssue } from '../../domain/issue.ts';
import type { Repo } from '../../domain/repo.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { openLedger } from '../../ledger/open-ledger.ts';
import { gatherIssues } from '../../loops/gather-issues.ts';
import type { Forge } from '../../ports/forge.ts';
import { systemClock } from '../clock/system-clock.ts';
import { githubForge } from './github-forge.ts';

// Issues from the stand-in, whose answers fit GitHub's own schemas, to the judgement in the ledger.

const renovate = 29_139_614;
const place = { repository: 'alice/demo', number: 1 };
let bench: WorkBench;
let ledger: Ledger;
let forge: Forge;

beforeEach(async () => {
  bench = await openWorkBench();
  bench.github.addUser({ login: 'renovate[bot]', type: 'Bot', id: renovate, token: 'bot-token' });
  await bench.github.addRepo({
    owner: 'alice',
    name: 'demo',
    collaborators: [{ login: 'bob', permission: 'write' }],
  });
  ledger = openLedger(memoryEventLog(), { now: () => Date.now() });
  forge = forgeOf('alice-token');
});
afterEach(async () => {
  expect(bench.github.invalidBodies).toEqual([]);
  await bench[Symbol.asyncDispose]();
});

function forgeOf(token: string): Forge {
  const clock = { ...systemClock(), sleep: () => Promise.resolve() };
  const made = githubForge({ apiUrl: bench.github.apiUrl, token, clock, userAgent: 'clone/test' });
  if (!made.ok) throw new Error(made.failure);
  return made.value;
}

const defaults = Object.fromEntries(
  Object.entries(optionTable).map(([name, spec]) => [name, spec.default]),
) as unknown as Options;

function entry(name: string, options: Repo['options'] = {}): Repo {
  return {
    name,
    path: `/code/${name}`,
    branch: 'main',
    objective: '',
    pinned: false,
    ignored: false,
    options,
  } as unknown as Repo;
}

/** One cycle's look: the issues of each repository, by number. */
async function look(
  more: Partial<Options> = {},
  slugs: Readonly<Record<string, string>> = { demo: 'alice/demo' },
): Promise<Record<string, readonly TrustedIssue[]>> {
  const options = { ...defaults, ...more };
  const order = { options, optionsFor: (repo: Repo) => Promise.resolve({ ...options, ...repo.options }) };
  const repos = Object.keys(slugs).map((name) => entry(name));
  const world = { forge, ledger, clock: systemClock() };
  return Object.fromEntries(await gatherIssues(world, order, repos, new Map(Object.entries(slugs))));
}

const numbers = (issues: readonly TrustedIssue[] | undefined) => issues?.map(({ number }) => number);

async function facts(): Promise<(LedgerEvent & Record<string, unknown>)[]> {
  return (await ledger.events({})) as (LedgerEvent & Record<string, unknown>)[];
}
async function refusals() {
  const all = await facts();
  return all
    .filter(({ type }) => type === 'issue-refused')
    .map(({ number, reason, id }) => ({ number, reason, id }));
}
function asked(): string[] {
  return bench.github.requests.map(
    ({ method, path, status }) =>
      `${method} ${path.replace('/api/v3', '').replace(/\?.*/, '')} ${String(status)}`,
  );
}
function add(author: string | null, title: string, repository = 'alice/demo') {
  return bench.github.addIssue({ repository, author, title, body: `Body of ${title}` });
}

describe('the issues of a portfolio', () => {
  it('are those of the owner, with what their page shows', async () => {
    bench.github.addIssue({
      ...place,
      author: 'alice',
      title: ' Add\u200b CSV ',
      body: 'Please.<!-- hide -->\r\nThanks',
    });
    const { demo = [] } = await look();
    expect(demo).toMatchObject([
      { number: 1, title: 'Add CSV', url: `${bench.github.url}/alice/demo/issues/1` },
    ]);
    expect(demo[0]?.body).toMatch(/^Please\.\nThanks\n\n\[What the page/);
  });

  it('B8: a bot is known by its number, whatever name the forge or its app gives it', async () => {
    add('renovate[bot]', 'update');
    bench.github.addUser({ login: 'renovate', token: 'human' });
    add('renovate', 'spoofed');
    bench.github.addUser({ login: 'app/renovate[bot]', type: 'Bot' });
    add('app/renovate[bot]', 'other app');
    expect(numbers((await look())['demo'])).toEqual([]);
    expect(numbers((await look({ issue_bots: [`${renovate}:whatever-it-was-called`] }))['demo'])).toEqual([
      1,
    ]);
    expect(
      new Set((await refusals()).map(({ number, reason }) => `${String(number)} ${String(reason)}`)),
    ).toEqual(new Set(['1 author-not-trusted', '2 author-not-trusted', '3 author-not-trusted']));
  });

  it('cost one request that says “not modified” while nothing changes, and nothing is told twice', async () => {
    add('alice', 'one');
    add('bob', 'two');
    const first = await look();
    const before = (await facts()).length;
    const from = asked().length;
    expect(await look()).toEqual(first);
    expect(asked().slice(from)).toEqual(['GET /issues 304']);
    expect(await facts()).toHaveLength(before);
    forge = forgeOf('alice-token');
    const restarted = asked().length;
    expect(await look()).toEqual(first);
    expect(asked().slice(restarted)).toEqual(['GET /user 200', 'GET /issues 200']);
    expect(await facts()).toHaveLength(before);
  });

  it('are read on behind the first page, and only when something changed', async () => {
    for (let number = 1; number <= 130; number += 1)
      add(number <= 5 ? 'alice' : 'bob', `issue ${String(number)}`);
    expect(numbers((await look())['demo'])).toEqual([1, 2, 3, 4, 5]);
    const from = asked().length;
    expect(numbers((await look())['demo'])).toEqual([1, 2, 3, 4, 5]);
    expect(asked().slice(from)).toEqual(['GET /issues 304']);
  });

  it('are judged anew when somebody touches them, and refused once', async () => {
    add('alice', 'one');
    expect(numbers((await look())['demo'])).toEqual([1]);
    bench.github.editIssue({ ...place, as: 'bob', body: 'Mine now' });
    expect(numbers((await look())['demo'])).toEqual([]);
    bench.github.editIssue({ ...place, as: 'bob', body: 'Body of one' });
    expect(numbers((await look())['demo'])).toEqual([]);
    const bob = bench.github.addUser({ login: 'bob' }).id;
    expect(new Set((await refusals()).map((one) => JSON.stringify(one)))).toEqual(
      new Set([JSON.stringify({ number: 1, reason: 'edited-by-other', id: bob })]),
    );
    expect(JSON.stringify(await facts())).not.toContain('Mine now');
  });

  it('are not taken from a list alone: without their history none is', async () => {
    add('alice', 'one');
    bench.github.fault({ path: '*/graphql', status: 502, times: 'always' });
    expect(numbers((await look())['demo'])).toEqual([]);
    expect(numbers((await look())['demo'])).toEqual([]);
    expect(await refusals()).toEqual([{ number: 1, reason: 'not-checked', id: undefined }]);
    bench.github.clearFaults();
    expect(numbers((await look())['demo'])).toEqual([1]);
  });

  it.each<[when: string, body: unknown]>([
    ['an error that names no part', { data: { i0: null }, errors: [{ message: 'Something went wrong' }] }],
    [
      'an error about the part',
      { data: { i0: { databaseId: 1 } }, errors: [{ message: 'x', path: ['i0', 'issue', 'editor'] }] },
    ],
    [
      'half of the fields',
      {
        data: {
          i0: { databaseId: 1, issue: { number: 1, title: 'one', body: 'Body of one', state: 'OPEN' } },
        },
      },
    ],
    ['no data', {}],
    ['a limit', { errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }] }],
  ])('are not taken when GraphQL answers with %s', async (_when, body) => {
    add('alice', 'one');
    bench.github.fault({ path: '*/graphql', status: 200, body, times: 'always' });
    expect(numbers((await look())['demo'])).toEqual([]);
  });

  it('are known by the number of their repository: a renamed one is the same, one made under its old name is not', async () => {
    add('alice', 'one');
    expect(numbers((await look())['demo'])).toEqual([1]);
    await bench.as('alice-token').repos.update({ owner: 'alice', repo: 'demo', name: 'renamed' });
    expect(numbers((await look())['demo'])).toEqual([1]);
    await bench.github.addRepo({ owner: 'alice', name: 'demo' });
    bench.github.repo('alice/demo').lastNumber = 1;
    add('alice', 'planted');
    expect(numbers((await look())['demo'])).toEqual([1]);
    expect(await refusals()).toMatchObject([{ number: 2, reason: 'other-repository' }]);
  });

  it('are learned to be of a repository that was renamed before we ever saw it', async () => {
    add('alice', 'one');
    await bench.as('alice-token').repos.update({ owner: 'alice', repo: 'demo', name: 'renamed' });
    expect(numbers((await look())['demo'])).toEqual([1]);
  });

  it('are asked for one by one where the list of everything does not reach', async () => {
    await bench.github.addRepo({ owner: 'bob', name: 'elsewhere' });
    add('alice', 'mine', 'bob/elsewhere');
    add('bob', 'not mine', 'bob/elsewhere');
    bench.github.fault({ path: '/issues', status: 403, times: 'always' });
    add('alice', 'one');
    const found = await look({}, { demo: 'alice/demo', elsewhere: 'bob/elsewhere' });
    expect(numbers(found['demo'])).toEqual([1]);
    expect(numbers(found['elsewhere'])).toEqual([1]);
  });

  it('are asked for where the token is no part of the repository, and only there', async () => {
    await bench.github.addRepo({ owner: 'bob', name: 'elsewhere' });
    add('renovate[bot]', 'update', 'bob/elsewhere');
    const where = { demo: 'alice/demo', elsewhere: 'bob/elsewhere' };
    const trusted = { issue_bots: [String(renovate)] };
    expect(numbers((await look(trusted, where))['elsewhere'])).toEqual([1]);
    const from = asked().length;
    expect(numbers((await look(trusted, where))['elsewhere'])).toEqual([1]);
    expect(asked().slice(from)).toEqual([
      'GET /issues 304',
      'GET /user/repos 304',
      'GET /repos/bob/elsewhere/issues 304',
    ]);
  });

  it('are nobody’s without entry when they cannot be read, and said so', async () => {
    add('alice', 'one');
    bench.github.fault({ path: '/issues', status: 502, times: 'always' });
    expect(await look()).toEqual({});
    expect((await facts()).at(-1)).toMatchObject({ type: 'warned' });
  });

  it('are left alone where they are switched off', async () => {
    add('alice', 'one');
    expect(await look({ issues_enabled: false })).toEqual({});
    expect(asked()).toEqual([]);
  });

  it('are not offered again once landed work answered them, until they change or it is taken back', async () => {
    add('alice', 'one');
    await look();
    const within = ledger.within({ repo: 'demo', session: 's1' });
    const [known] = await ledger.issues({ repo: 'demo' });
    await within.record({ type: 'issue-offered', number: 1, content: known?.content ?? '' });
    await within.record({ type: 'issue-answered', number: 1, commit: 'a'.repeat(40) });
    expect(numbers((await look())['demo'])).toEqual([]);
    bench.github.addComment({ ...place, author: 'bob', body: 'do it again' });
    expect(numbers((await look())['demo'])).toEqual([]);
    bench.github.editIssue({ ...place, as: 'alice', body: 'And more.' });
    expect(numbers((await look())['demo'])).toEqual([1]);
  });

  it('are forgotten when they are closed', async () => {
    add('alice', 'one');
    add('bob', 'two');
    await look();
    await bench
      .as('alice-token')
      .issues.update({ owner: 'alice', repo: 'demo', issue_number: 1, state: 'closed' });
    await bench
      .as('alice-token')
      .issues.update({ owner: 'alice', repo: 'demo', issue_number: 2, state: 'closed' });
    expect(numbers((await look())['demo'])).toEqual([]);
    expect((await ledger.issues({})).map(({ state }) => state)).toEqual(['gone', 'gone']);
  });

  it('tell whose word counts, once and again when that changes', async () => {
    await look();
    await look();
    await look({ issue_bots: [String(renovate), 'app:7'] });
    const alice = bench.github.addUser({ login: 'alice' }).id;
    expect((await facts()).filter(({ type }) => type === 'issue-readers-known')).toMatchObject([
      { owner: alice, bots: [], apps: [] },
      { owner: alice, bots: [renovate], apps: [7] },
    ]);
  });
});
