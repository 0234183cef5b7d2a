import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Forge } from '../../ports/forge.ts';
import { githubForge } from './github-forge.ts';

const sha = 'a'.repeat(40);
const token = 'token-of-the-test';

interface Seen {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
}

interface Answer {
  status?: number;
  body?: unknown;
  headers?: Record<string, string>;
}
type Reply = Answer | ((response: ServerResponse) => void);

const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A server that answers from a function, and remembers what it was asked. */
async function server(
  answer: (seen: Seen, count: number) => Reply,
): Promise<{ origin: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const http = createServer((request, response) => {
    const one = {
      method: request.method ?? '',
      url: new URL(request.url ?? '', 'http://x'),
      headers: request.headers,
    };
    seen.push(one);
    const reply = answer(one, seen.length);
    if (typeof reply === 'function') {
      reply(response);
      return;
    }
    const text = typeof reply.body === 'string';
    response.writeHead(reply.status ?? 200, {
      'content-type': text ? 'text/plain' : 'application/json; charset=utf-8',
      ...reply.headers,
    });
    response.end(text ? reply.body : JSON.stringify(reply.body ?? {}));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  closers.push(
    () =>
      new Promise((resolve) => {
        http.closeAllConnections();
        http.close(() => {
          resolve();
        });
      }),
  );
  return { origin: `http://127.0.0.1:${(http.address() as AddressInfo).port}`, seen };
}

const start = 1_700_000_000_000;

/** A forge whose clock stands still and whose waits are over at once. */
async function forgeAt(
  answer: (seen: Seen, count: number) => Reply,
  more: { timeoutMs?: number } = {},
): Promise<{ forge: Forge; seen: Seen[]; slept: number[]; tell(now: number): void }> {
  const { origin, seen } = await server(answer);
  const slept: number[] = [];
  let now = start;
  const clock = {
    now: () => now,
    sleep: (milliseconds: number) => {
      slept.push(milliseconds);
      return Promise.resolve();
    },
  };
  const made = githubForge({ apiUrl: `${origin}/api/v3`, token, clock, userAgent: 'clone/test', ...more });
  if (!made.ok) throw new Error(made.failure);
  return {
    forge: made.value,
    seen,
    slept,
    tell: (later) => {
      now = later;
    },
  };
}

function run(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: 11,
    name: 'CI',
    workflow_id: 3,
    path: '.github/workflows/ci.yml',
    event: 'push',
    head_branch: 'main',
    head_sha: sha,
    status: 'completed',
    conclusion: 'success',
    run_attempt: 2,
    run_number: 40,
    html_url: 'https://x/11',
    created_at: '2026-11-20T21:00:00Z',
    updated_at: '2026-11-20T21:01:00Z',
    head_repository: { id: 1 },
    repository: { id: 1 },
    ...change,
  };
}

const runs = (...rows: unknown[]): Answer => ({ body: { total_count: rows.length, workflow_runs: rows } });
const easy = { searchHarder: false };
const hard = { searchHarder: true };

describe('a request', () => {
  it('carries the token in its header and nowhere else', async () => {
    const { forge, seen } = await forgeAt(() => runs());
    await forge.runsOf('me/tool', sha, easy);
    expect(seen[0]?.headers.authorization).toBe(`token ${token}`);
    expect(seen[0]?.headers['user-agent']).toContain('clone/test');
    expect(seen[0]?.url.href).not.toContain(token);
    expect(seen[0]?.url.pathname).toBe('/api/v3/repos/me/tool/actions/runs');
  });

  it('is never made to a server that would see the token in the open', () => {
    const made = githubForge({
      apiUrl: 'http://github.example.org/api/v3',
      token,
      clock: { now: () => 0, sleep: () => Promise.resolve() },
      userAgent: 'clone/test',
    });
    expect(made).toEqual({
      ok: false,
      failure: 'github_api_url must be https, except on this machine: http://github.example.org',
    });
  });

  it('is conditional: an answer that still holds is not sent again', async () => {
    const { forge, seen } = await forgeAt(({ headers }) =>
      headers['if-none-match'] === '"one"'
        ? { status: 304, headers: { etag: '"one"' } }
        : { ...runs(run()), headers: { etag: '"one"' } },
    );
    const first = await forge.runsOf('me/tool', sha, easy);
    const second = await forge.runsOf('me/tool', sha, easy);
    expect(second).toEqual(first);
    expect(seen.map((one) => one.headers['if-none-match'])).toEqual([undefined, '"one"']);
    expect(forge.budget()).toMatchObject({ requests: 2, notModified: 1 });
  });

  it('sees a changed answer', async () => {
    const { forge } = await forgeAt((_seen, count) => ({
      ...runs(run({ status: count === 1 ? 'queued' : 'completed' })),
      headers: { etag: `"${count}"` },
    }));
    await forge.runsOf('me/tool', sha, easy);
    expect(await forge.runsOf('me/tool', sha, easy)).toMatchObject({ value: [{ status: 'completed' }] });
  });

  it('is made again when the server stumbles, three times in all', async () => {
    const { forge, seen, slept } = await forgeAt((_seen, count) =>
      count < 3 ? { status: 502 } : runs(run()),
    );
    expect(await forge.runsOf('me/tool', sha, easy)).toMatchObject({ ok: true });
    expect(seen).toHaveLength(3);
    expect(slept.every((milliseconds) => milliseconds >= 375)).toBe(true);
    const broken = await forgeAt(() => ({ status: 503, body: { message: 'down' } }));
    expect(await broken.forge.runsOf('me/tool', sha, easy)).toMatchObject({
      failure: { kind: 'unavailable', message: 'down' },
    });
    expect(broken.seen).toHaveLength(3);
  });

  it('is made again when the connection breaks or no answer comes in time', async () => {
    const { forge, seen } = await forgeAt(
      (_seen, count) => {
        if (count === 1) return (response) => response.destroy();
        if (count === 2) return () => undefined;
        return runs(run());
      },
      { timeoutMs: 1000 },
    );
    expect(await forge.runsOf('me/tool', sha, easy)).toMatchObject({ ok: true });
    expect(seen).toHaveLength(3);
  });

  it.each<[what: string, reply: Reply, failure: object]>([
    ['a wrong token', { status: 401, body: { message: 'Bad credentials' } }, { kind: 'access' }],
    ['a missing right', { status: 403, body: { message: 'Resource not accessible' } }, { kind: 'access' }],
    ['a repository it does not show', { status: 404, body: { message: 'Not Found' } }, { kind: 'gone' }],
    ['a limit', { status: 429, headers: { 'retry-after': '7' } }, { kind: 'later', until: start + 7000 }],
  ])('that meets %s is not made again', async (_what, reply, failure) => {
    const { forge, seen } = await forgeAt(() => reply);
    expect(await forge.runsOf('me/tool', sha, easy)).toMatchObject({ ok: false, failure });
    expect(seen).toHaveLength(1);
  });

  it('waits out a limit that another one met', async () => {
    const { forge, seen, tell } = await forgeAt((_seen, count) =>
      count === 1 ? { status: 429, headers: { 'retry-after': '7' } } : runs(run()),
    );
    await forge.runsOf('me/tool', sha, easy);
    expect(await forge.jobsOf('me/tool', 1)).toMatchObject({
      failure: { kind: 'later', until: start + 7000 },
    });
    expect(await forge.rerunFailedJobs('me/tool', 1)).toMatchObject({ failure: { kind: 'later' } });
    expect(await forge.log('me/tool', 1)).toMatchObject({ failure: { kind: 'later' } });
    expect(seen).toHaveLength(1);
    tell(start + 7000);
    expect(await forge.runsOf('me/tool', sha, easy)).toMatchObject({ ok: true });
  });

  it('of the watcher leaves 40 % of the hour to the human', async () => {
    const reset = String(start / 1000 + 1800);
    const headers = {
      'x-ratelimit-limit': '5000',
      'x-ratelimit-remaining': '1999',
      'x-ratelimit-reset': reset,
    };
    const { forge, seen, tell } = await forgeAt(() => ({
      ...runs(run()),
      headers: { ...headers, date: new Date(start).toUTCString() },
    }));
    expect(await forge.runsOf('me/tool', sha, easy)).toMatchObject({ ok: true });
    expect(await forge.runsOf('me/tool', sha, easy)).toMatchObject({
      failure: { kind: 'later', until: start + 1_800_000 },
    });
    expect(seen).toHaveLength(1);
    expect(await forge.jobsOf('me/tool', 11)).toMatchObject({ ok: true });
    tell(start + 1_800_000);
    expect(await forge.runsOf('me/tool', sha, easy)).toMatchObject({ ok: true });
    expect(forge.budget()).toMatchObject({ limit: 5000, remaining: 1999 });
  });

  it('is one of four at most', async () => {
    let open = 0;
    let most = 0;
    const { forge } = await forgeAt(() => (response) => {
      open += 1;
      most = Math.max(most, open);
      setTimeout(() => {
        open -= 1;
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end('{"workflow_runs":[]}');
      }, 10);
    });
    const many = Array.from({ length: 12 }, (_, at) =>
      forge.runsOf('me/tool', at.toString(16).repeat(40), easy),
    );
    expect((await Promise.all(many)).every((answer) => answer.ok)).toBe(true);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(4);
  });
});

describe('runs of a commit', () => {
  it('are read with everything the rules ask for', async () => {
    const { forge, seen } = await forgeAt(() => runs(run()));
    expect(await forge.runsOf('me/tool', sha, easy)).toEqual({
      ok: true,
      value: [
        {
          id: 11,
          workflowId: 3,
          workflow: 'CI',
          path: '.github/workflows/ci.yml',
          event: 'push',
          branch: 'main',
          sha,
          status: 'completed',
          conclusion: 'success',
          attempt: 2,
          number: 40,
          url: 'https://x/11',
          createdAt: Date.parse('2026-11-20T21:00:00Z'),
          updatedAt: Date.parse('2026-11-20T21:01:00Z'),
        },
      ],
    });
    const asked = Object.fromEntries(seen[0]?.url.searchParams ?? []);
    expect(asked).toEqual({ head_sha: sha, exclude_pull_requests: 'true', per_page: '100', page: '1' });
  });

  it.each(['', 'abc123', 'HEAD', 'A'.repeat(40)])(
    'are not asked for by “%s”, which is no full id',
    async (id) => {
      const { forge, seen } = await forgeAt(() => runs(run()));
      expect(await forge.runsOf('me/tool', id, hard)).toMatchObject({ failure: { kind: 'gone' } });
      expect(await forge.externalChecks('me/tool', id)).toMatchObject({ failure: { kind: 'gone' } });
      expect(seen).toHaveLength(0);
    },
  );

  it('are not those of another commit or of a fork, whatever the filter answers', async () => {
    const { forge } = await forgeAt(() =>
      runs(run({ head_sha: 'b'.repeat(40) }), run({ id: 12, head_repository: { id: 9 } })),
    );
    expect(await forge.runsOf('me/tool', sha, easy)).toEqual({ ok: true, value: [] });
  });

  it('may fill several pages', async () => {
    const { forge, seen } = await forgeAt(({ url }, count) =>
      url.searchParams.get('page') === '1'
        ? { ...runs(run()), headers: { link: `<${url.href}>; rel="next", <x>; rel="last"` } }
        : runs(run({ id: 10 + count })),
    );
    expect(await forge.runsOf('me/tool', sha, easy)).toMatchObject({ value: [{ id: 11 }, { id: 12 }] });
    expect(seen).toHaveLength(2);
  });

  it('that the filter does not find are among the newest', async () => {
    const { forge, seen } = await forgeAt(({ url }) =>
      url.searchParams.has('head_sha')
        ? runs()
        : runs(run({ id: 5, head_sha: 'b'.repeat(40) }), run({ id: 6 })),
    );
    expect(await forge.runsOf('me/tool', sha, easy)).toEqual({ ok: true, value: [] });
    expect(await forge.runsOf('me/tool', sha, hard)).toMatchObject({ value: [{ id: 6 }] });
    expect(seen.at(-1)?.url.searchParams.get('per_page')).toBe('100');
  });

  it('that no list shows are found through the suites of the commit', async () => {
    const { forge } = await forgeAt(({ url }) => {
      if (url.pathname.endsWith(`/commits/${sha}/check-suites`)) {
        const suites = [
          { id: 70, app: { slug: 'vercel' } },
          { id: 71, app: { slug: 'github-actions' } },
        ];
        return { body: { check_suites: suites } };
      }
      return url.searchParams.get('check_suite_id') === '71'
        ? runs(run({ id: 8 }), run({ head_sha: 'b'.repeat(40) }))
        : runs();
    });
    expect(await forge.runsOf('me/tool', sha, hard)).toMatchObject({ value: [{ id: 8 }] });
  });

  it('are none for a token that may not read suites', async () => {
    const { forge } = await forgeAt(({ url }) =>
      url.pathname.includes('check-suites') ? { status: 403 } : runs(),
    );
    expect(await forge.runsOf('me/tool', sha, hard)).toEqual({ ok: true, value: [] });
  });
});

describe('runs of a branch', () => {
  it('are one conditional request, whatever the answer says of other branches and events', async () => {
    const { forge, seen } = await forgeAt((_seen, count) =>
      count === 1
        ? {
            ...runs(
              run(),
              run({ id: 12, head_branch: 'topic' }),
              run({ id: 13, event: 'pull_request' }),
              run({ id: 14, head_repository: { id: 2 } }),
            ),
            headers: { etag: '"1"' },
          }
        : { status: 304 },
    );
    const first = await forge.runsOn('me/tool', 'main');
    expect(first).toMatchObject({ ok: true, value: [{ id: 11, sha, branch: 'main' }] });
    expect(await forge.runsOn('me/tool', 'main')).toEqual(first);
    expect(Object.fromEntries(seen[0]?.url.searchParams ?? [])).toMatchObject({
      branch: 'main',
      event: 'push',
    });
    expect(seen.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, '"1"']);
  });
});

describe('jobs', () => {
  it('are those of the newest attempt, with their steps', async () => {
    const { forge, seen } = await forgeAt(() => ({
      body: {
        jobs: [
          {
            id: 21,
            run_id: 11,
            name: 'test (22)',
            status: 'completed',
            conclusion: 'failure',
            runner_name: 'r1',
            html_url: 'https://x/21',
            steps: [{ number: 1, name: 'npm test', conclusion: 'failure', status: 'completed' }],
          },
          { id: 22, run_id: 99 },
        ],
      },
    }));
    expect(await forge.jobsOf('me/tool', 11)).toEqual({
      ok: true,
      value: [
        {
          id: 21,
          runId: 11,
          name: 'test (22)',
          status: 'completed',
          conclusion: 'failure',
          steps: [{ number: 1, name: 'npm test', conclusion: 'failure' }],
          runnerName: 'r1',
          url: 'https://x/21',
        },
      ],
    });
    expect(seen[0]?.url.searchParams.get('filter')).toBe('latest');
    expect(seen[0]?.url.pathname).toBe('/api/v3/repos/me/tool/actions/runs/11/jobs');
  });

  it('that failed are run again by one request that is never repeated', async () => {
    const { forge, seen, slept } = await forgeAt((_seen, count) => ({ status: count === 1 ? 201 : 502 }));
    expect(await forge.rerunFailedJobs('me/tool', 11)).toEqual({ ok: true, value: undefined });
    expect(seen[0]).toMatchObject({ method: 'POST' });
    expect(seen[0]?.url.pathname).toBe('/api/v3/repos/me/tool/actions/runs/11/rerun-failed-jobs');
    expect(await forge.rerunFailedJobs('me/tool', 12)).toMatchObject({ failure: { kind: 'unavailable' } });
    expect(seen).toHaveLength(2);
    expect(slept.at(-1)).toBe(1000);
  });
});

describe('a log', () => {
  async function textOf(answer: Awaited<ReturnType<Forge['log']>>): Promise<string> {
    if (!answer.ok) throw new Error(answer.failure.kind);
    let text = '';
    for await (const chunk of answer.value) text += chunk;
    return text;
  }

  it('is followed to where it lies, without the token, and streamed', async () => {
    const blobs = await server(() => ({ body: `\ufeffone\n${'ü'.repeat(100_000)}` }));
    const { forge } = await forgeAt(() => ({
      status: 302,
      headers: { location: `${blobs.origin}/blob?sig=1` },
    }));
    const text = await textOf(await forge.log('me/tool', 21));
    expect(text).toBe(`one\n${'ü'.repeat(100_000)}`);
    expect(blobs.seen[0]?.headers.authorization).toBeUndefined();
  });

  it.each([
    ['not there yet', 404],
    ['not there any more', 410],
  ])('that is %s is gone', async (_what, status) => {
    const { forge } = await forgeAt(() => ({
      status,
      body: '<?xml version="1.0"?><Error><Code>BlobNotFound</Code></Error>',
    }));
    expect(await forge.log('me/tool', 21)).toMatchObject({ failure: { kind: 'gone' } });
  });

  it('that breaks off says so', async () => {
    const { forge } = await forgeAt(() => (response) => {
      response.writeHead(200, { 'content-type': 'text/plain', 'content-length': '1000' });
      response.write('the beginning');
      setTimeout(() => response.destroy(), 20);
    });
    expect(await textOf(await forge.log('me/tool', 21))).toMatch(
      /^the beginning\n\[the log broke off here: .+\]\n$/,
    );
  });

  it('that falls silent ends', async () => {
    const { forge } = await forgeAt(
      () => (response) => {
        response.writeHead(200, { 'content-type': 'text/plain' });
        response.write('the beginning');
      },
      { timeoutMs: 1000 },
    );
    expect(await textOf(await forge.log('me/tool', 21))).toMatch(
      /^the beginning\n\[the log broke off here: .+\]\n$/,
    );
  });

  it('may be left in the middle', async () => {
    const { forge } = await forgeAt(() => ({ body: 'x'.repeat(5_000_000) }));
    const answer = await forge.log('me/tool', 21);
    if (!answer.ok) throw new Error(answer.failure.kind);
    for await (const chunk of answer.value) {
      expect(chunk.length).toBeLessThan(5_000_000);
      break;
    }
  });

  it('that is empty is empty', async () => {
    const { forge } = await forgeAt(() => ({ status: 204 }));
    expect(await textOf(await forge.log('me/tool', 21))).toBe('');
  });
});

describe('what others say of a commit', () => {
  const check = (slug: string, status: string, conclusion: string | null) => ({
    name: `${slug} build`,
    app: { slug },
    status,
    conclusion,
    details_url: `https://${slug}`,
  });

  it.each<[what: string, checks: unknown[], statuses: unknown[], answer: object]>([
    ['nothing', [], [], { state: 'none', what: '' }],
    ['only Actions', [check('github-actions', 'completed', 'failure')], [], { state: 'none' }],
    [
      'a check that passed',
      [check('vercel', 'completed', 'success')],
      [],
      { state: 'success', what: 'vercel build', url: 'https://vercel' },
    ],
    [
      'a check that failed',
      [check('a', 'completed', 'success'), check('b', 'completed', 'failure')],
      [],
      { state: 'failure', what: 'b build' },
    ],
    [
      'a check at work',
      [check('a', 'completed', 'success'), check('b', 'in_progress', null)],
      [],
      { state: 'pending', what: 'b build' },
    ],
    ['a check that was skipped', [check('a', 'completed', 'skipped')], [], { state: 'none' }],
    [
      'a status that passed',
      [],
      [{ state: 'success', context: 'ci/circle' }],
      { state: 'success', what: 'ci/circle' },
    ],
    [
      'a status that waits',
      [],
      [{ state: 'pending', context: 'ci/circle', target_url: 'https://c' }],
      { state: 'pending', url: 'https://c' },
    ],
    [
      'a status with an error',
      [check('a', 'completed', 'success')],
      [{ state: 'error', context: 'ci/x' }],
      { state: 'failure', what: 'ci/x' },
    ],
    ['a status nobody knows', [], [{ state: 'odd', context: 'ci/x' }], { state: 'none' }],
  ])('%s', async (_what, checks, statuses, answer) => {
    const { forge } = await forgeAt(({ url }) =>
      url.pathname.endsWith('/check-runs')
        ? { body: { check_runs: checks } }
        : { body: { state: 'pending', statuses } },
    );
    expect(await forge.externalChecks('me/tool', sha)).toMatchObject({ ok: true, value: answer });
  });

  it('is read from the statuses alone by a token that may not read checks', async () => {
    const { forge } = await forgeAt(({ url }) =>
      url.pathname.endsWith('/check-runs')
        ? { status: 403 }
        : { body: { statuses: [{ state: 'success', context: 'x' }] } },
    );
    expect(await forge.externalChecks('me/tool', sha)).toMatchObject({ value: { state: 'success' } });
  });

  it.each<[what: string, first: number, second: number, kind: string]>([
    ['neither may be read', 403, 403, 'access'],
    ['one cannot be read now', 200, 500, 'unavailable'],
  ])('is not known when %s', async (_what, first, second, kind) => {
    const { forge } = await forgeAt(({ url }) => ({
      status: url.pathname.endsWith('/check-runs') ? first : second,
    }));
    expect(await forge.externalChecks('me/tool', sha)).toMatchObject({ failure: { kind } });
  });
});

describe('the rest', () => {
  it('knows which workflows are switched off', async () => {
    const { forge } = await forgeAt(() => ({
      body: { workflows: [{ path: '.github/workflows/ci.yml', state: 'disabled_manually' }] },
    }));
    const states = await forge.workflowStates('me/tool');
    expect(states.ok && [...states.value]).toEqual([['.github/workflows/ci.yml', 'disabled_manually']]);
  });

  it.each<[what: string, headers: Record<string, string>, scopes: string[] | undefined]>([
    ['a classic token', { 'x-oauth-scopes': 'repo, workflow' }, ['repo', 'workflow']],
    ['a classic token without scopes', { 'x-oauth-scopes': '' }, []],
    ['a fine-grained token', {}, undefined],
  ])('knows whose token it is: %s', async (_what, headers, scopes) => {
    const { forge } = await forgeAt(() => ({ body: { login: 'me', id: 7 }, headers }));
    expect(await forge.whoami()).toEqual({ ok: true, value: { login: 'me', id: 7, scopes } });
  });

  it('does not take a page for a user', async () => {
    const { forge } = await forgeAt(() => ({ body: '<html>Please log in to the network</html>' }));
    expect(await forge.whoami()).toMatchObject({ failure: { kind: 'unavailable' } });
  });

  it('reads slugs by the address it was given', async () => {
    const { forge, seen } = await forgeAt(() => ({}));
    expect(forge.slugOf('https://github.com/me/tool')).toBeUndefined();
    expect(seen).toHaveLength(0);
  });
});
