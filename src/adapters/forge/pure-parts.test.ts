import { describe, expect, it } from 'vitest';
import { type ApiUrl, readApiUrl } from './api-url.ts';
import { etagCache } from './etag-cache.ts';
import { rateBudget } from './rate-budget.ts';
import { readJobs, readRuns } from './read-rows.ts';
import { failureOf, type Headers, readRefusal } from './request-failure.ts';
import { slugOf } from './slug-of.ts';

function api(url: string): ApiUrl {
  const read = readApiUrl(url);
  if (!read.ok) throw new Error(read.failure);
  return read.value;
}

describe('the address of the API', () => {
  it.each([
    ['https://api.github.com', 'https://api.github.com'],
    ['https://ghe.example.org/api/v3/', 'https://ghe.example.org/api/v3'],
    ['http://127.0.0.1:8080/api/v3', 'http://127.0.0.1:8080/api/v3'],
    ['http://localhost:1', 'http://localhost:1'],
    ['http://[::1]:1', 'http://[::1]:1'],
  ])('may be %s', (url, base) => {
    expect(api(url).base).toBe(base);
  });

  it.each([
    'http://github.example.org',
    'http://127.0.0.1.example.org',
    'http://localhost.example.org',
    'ftp://api.github.com',
    'api.github.com',
    '',
    'https://me:secret@api.github.com',
  ])('may not be %s', (url) => {
    const read = readApiUrl(url);
    expect(read.ok ? '' : read.failure).toMatch(/^github_api_url /);
    expect(JSON.stringify(read)).not.toContain('secret');
  });
});

describe('the slug of a remote', () => {
  const hub = 'https://api.github.com';
  const own = 'https://ghe.example.org/api/v3';
  const local = 'http://127.0.0.1:4711/api/v3';

  it.each<[remote: string, api: string, slug: string | undefined]>([
    ['https://github.com/me/tool', hub, 'me/tool'],
    ['https://github.com/me/tool.git', hub, 'me/tool'],
    ['https://github.com/me/tool.git/', hub, 'me/tool'],
    ['https://user:pw@GitHub.com/me/tool', hub, 'me/tool'],
    ['https://www.github.com/me/tool', hub, 'me/tool'],
    ['git@github.com:me/tool.git', hub, 'me/tool'],
    ['github.com:me/tool', hub, 'me/tool'],
    ['git@github.com:/me/tool.git', hub, undefined],
    ['ssh://git@github.com/me/tool.git', hub, 'me/tool'],
    ['ssh://git@ssh.github.com:443/me/tool.git', hub, 'me/tool'],
    ['git+ssh://git@github.com/me/tool', hub, 'me/tool'],
    ['git://github.com/me/tool.git', hub, 'me/tool'],
    ['https://github.com/me/my.tool_2-x', hub, 'me/my.tool_2-x'],
    ['https://github.com/me_corp/tool', hub, 'me_corp/tool'],
    ['http://github.com/me/tool', hub, undefined],
    ['https://github.com:8443/me/tool', hub, undefined],
    ['https://github.com/me', hub, undefined],
    ['https://github.com/me/tool/tree/main', hub, undefined],
    ['https://github.com/me/..', hub, undefined],
    ['https://github.com.evil.org/me/tool', hub, undefined],
    ['https://gitlab.com/me/tool', hub, undefined],
    ['git@evil.org:me/tool.git', hub, undefined],
    ['/home/me/tool', hub, undefined],
    ['../tool', hub, undefined],
    ['file:///srv/git/me/tool.git', hub, undefined],
    ['https://[broken/me/tool', hub, undefined],
    ['', hub, undefined],
    ['https://ghe.example.org/me/tool', own, 'me/tool'],
    ['git@ghe.example.org:me/tool.git', own, 'me/tool'],
    ['ssh://git@ghe.example.org:2222/me/tool.git', own, 'me/tool'],
    ['https://github.com/me/tool', own, undefined],
    ['https://octo.ghe.com/me/tool', 'https://api.octo.ghe.com', 'me/tool'],
    ['http://127.0.0.1:4711/me/tool.git', local, 'me/tool'],
    ['http://127.0.0.1:4712/me/tool.git', local, undefined],
    ['https://127.0.0.1:4711/me/tool.git', local, undefined],
  ])('%s at %s is %s', (remote, url, slug) => {
    expect(slugOf(remote, api(url))).toBe(slug);
  });
});

describe('a refusal', () => {
  const now = 1_000_000_000_000;
  const refusal = (status: number | undefined, headers: Headers = {}, message = 'no') => ({
    status,
    headers,
    message,
  });
  const inAMinute = { kind: 'later', until: now + 60_000, message: 'no' };
  const date = new Date(now + 5000).toUTCString();
  const reset = String((now + 605_000) / 1000);

  it.each<[what: string, refusal: Parameters<typeof failureOf>[0], failure: object]>([
    ['a wrong token', refusal(401), { kind: 'access', message: '401: no', unknownToken: true }],
    ['a missing right', refusal(403), { kind: 'access', message: '403: no' }],
    ['nothing there', refusal(404), { kind: 'gone', message: 'no' }],
    ['nothing there any more', refusal(410), { kind: 'gone', message: 'no' }],
    ['a question it does not take', refusal(422), { kind: 'access', message: '422: no' }],
    ['a server that stumbles', refusal(502), { kind: 'unavailable', message: 'no' }],
    ['no answer', refusal(undefined), { kind: 'unavailable', message: 'no' }],
    [
      'a time to wait',
      refusal(403, { 'retry-after': '30' }),
      { kind: 'later', until: now + 30_000, message: 'no' },
    ],
    [
      'a time to wait, of nothing',
      refusal(429, { 'retry-after': '0' }),
      { kind: 'later', until: now + 1000, message: 'no' },
    ],
    ['too many requests', refusal(429), inAMinute],
    [
      'a second limit, in words',
      refusal(403, {}, 'You exceeded a secondary rate limit'),
      { ...inAMinute, message: 'You exceeded a secondary rate limit' },
    ],
    [
      'an empty budget, by the forge’s clock',
      refusal(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset, date }),
      { kind: 'later', until: now + 600_000, message: 'no' },
    ],
    [
      'an empty budget, by ours',
      refusal(429, { 'x-ratelimit-remaining': 0, 'x-ratelimit-reset': reset }),
      { kind: 'later', until: now + 605_000, message: 'no' },
    ],
    ['an empty budget without an end', refusal(403, { 'x-ratelimit-remaining': '0' }), inAMinute],
    [
      'a missing right, with budget left',
      refusal(403, { 'x-ratelimit-remaining': '10' }),
      { kind: 'access', message: '403: no' },
    ],
  ])('for %s', (_what, given, failure) => {
    expect(failureOf(given, now, 1)).toEqual(failure);
  });

  it('that comes again and again makes us wait longer', () => {
    const waits = [1, 2, 3, 20].map((strikes) => failureOf(refusal(429), now, strikes));
    expect(waits.map((failure) => 'until' in failure && failure.until - now)).toEqual([
      60_000, 120_000, 240_000, 1_920_000,
    ]);
  });

  it('is told from a bug', () => {
    expect(readRefusal(new TypeError('x is not a function'))).toBeUndefined();
    expect(readRefusal('x')).toBeUndefined();
    expect(readRefusal(Object.assign(new Error('a\n b'), { status: 500 }))).toEqual({
      status: undefined,
      headers: {},
      message: 'a b',
    });
  });
});

describe('the cache', () => {
  it('holds what was asked for last', () => {
    const cache = etagCache(2);
    cache.set('a', { etag: '1', value: 'A' });
    cache.set('b', { etag: '2', value: 'B' });
    expect(cache.get('a')?.value).toBe('A');
    cache.set('c', { etag: '3', value: 'C' });
    expect(cache.get('b')).toBeUndefined();
    expect(cache.get('a')?.etag).toBe('1');
    cache.set('a', { etag: '4', value: 'D' });
    expect(cache.get('a')).toEqual({ etag: '4', value: 'D' });
    expect(cache.get('c')).toBeDefined();
  });
});

describe('the budget', () => {
  const headers = (remaining: number, reset = 100): Headers => ({
    'x-ratelimit-limit': '1000',
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': String(reset),
  });

  it('is kept for the human from 40 % downwards, until it is full again', () => {
    const budget = rateBudget(0.4);
    expect(budget.refusal(0, true)).toBeUndefined();
    budget.answered(headers(400), 0);
    expect(budget.refusal(0, true)).toBeUndefined();
    budget.answered(headers(399), 0);
    expect(budget.refusal(0, true)).toMatchObject({ kind: 'later', until: 100_000 });
    expect(budget.refusal(0, false)).toBeUndefined();
    expect(budget.refusal(100_000, true)).toBeUndefined();
  });

  it('believes the lowest number of an hour, in whatever order answers come', () => {
    const budget = rateBudget(0.4);
    budget.answered(headers(500), 0);
    budget.answered(headers(510), 0);
    expect(budget.read().remaining).toBe(500);
    budget.answered(headers(999, 3700), 0);
    expect(budget.read().remaining).toBe(999);
  });

  it('knows nothing of other budgets, or of a server without one', () => {
    const budget = rateBudget(0.4);
    budget.answered({ ...headers(1), 'x-ratelimit-resource': 'search' }, 0);
    budget.answered({}, 0);
    expect(budget.read()).toMatchObject({ limit: undefined, remaining: undefined });
  });

  it('sends nothing while the forge asks us to wait', () => {
    const budget = rateBudget(0.4);
    budget.limited(500);
    expect(budget.refusal(499, false)).toMatchObject({ kind: 'later', until: 500 });
    expect(budget.refusal(500, false)).toBeUndefined();
    expect(budget.strikes()).toBe(1);
    budget.answered({}, 600);
    expect(budget.strikes()).toBe(0);
  });
});

describe('rows', () => {
  const row = { id: 1, head_sha: 'a', path: '.github/workflows/ci.yml@refs/heads/main', name: null };

  it.each<[what: string, data: unknown]>([
    ['nothing', undefined],
    ['a word', 'x'],
    ['no list', { workflow_runs: 7 }],
    ['rows that are none', { workflow_runs: [null, 1, [], 'x', {}, { id: 'x' }, { id: 1 }] }],
    ['a run of a fork', { workflow_runs: [{ ...row, head_repository: { id: 1 }, repository: { id: 2 } }] }],
  ])('of %s are none', (_what, data) => {
    expect(readRuns(data)).toEqual([]);
    expect(readJobs(data)).toEqual([]);
  });

  it('are read as far as they can be', () => {
    expect(readRuns({ workflow_runs: [{ ...row, created_at: 'soon', conclusion: '' }] })).toMatchObject([
      {
        id: 1,
        workflow: '.github/workflows/ci.yml@refs/heads/main',
        path: '.github/workflows/ci.yml',
        createdAt: 0,
        conclusion: null,
        attempt: 1,
      },
    ]);
    expect(readJobs({ jobs: [{ id: 3, steps: [{ name: 'x' }, 7] }] })).toEqual([
      {
        id: 3,
        runId: 0,
        name: '',
        status: '',
        conclusion: null,
        steps: [{ number: 0, name: 'x', conclusion: null }],
        runnerName: null,
        url: '',
      },
    ]);
  });
});
