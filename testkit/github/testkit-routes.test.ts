import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkBench, type WorkBench, workflow } from './work-bench.ts';

describe('the knobs over HTTP', () => {
  let bench: WorkBench;
  beforeAll(async () => {
    bench = await openWorkBench();
  });
  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });
  const turn = async (
    method: string,
    knob: string,
    body?: object,
  ): Promise<{ status: number; body: unknown }> => {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const answer = await fetch(`${bench.github.url}/__testkit/${knob}`, init);
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) };
  };

  it('make people, repositories and issues, and change them', async () => {
    expect(
      await turn('POST', 'users', { login: 'dora', token: 'dora-token', scopes: ['repo'] }),
    ).toMatchObject({
      status: 201,
      body: { login: 'dora', token: 'dora-token' },
    });
    expect(await turn('POST', 'repos', { owner: 'dora', name: 'one' })).toMatchObject({
      body: { full_name: 'dora/one' },
    });
    await turn('POST', 'repos', { owner: 'dora', name: 'two' });
    const place = { repository: 'dora/one', number: 1 };
    expect(
      await turn('POST', 'issues', { repository: 'dora/one', author: 'dora', title: 'first' }),
    ).toMatchObject({ body: { number: 1 } });
    await turn('POST', 'issues/edit', { ...place, as: 'bob', body: 'changed' });
    await turn('POST', 'issues/rename', { ...place, as: 'bob', title: 'renamed' });
    await turn('POST', 'comments', { ...place, author: 'alice', body: 'hi' });
    expect(await turn('POST', 'issues/transfer', { ...place, as: 'dora', to: 'dora/two' })).toMatchObject({
      body: { repository: 'dora/two', number: 1 },
    });
    expect(bench.github.issue({ repository: 'dora/two', number: 1 })).toMatchObject({
      title: 'renamed',
      body: 'changed',
    });
  });

  it('break things, dictate jobs, and tell what ran', async () => {
    await turn('POST', 'script', { rules: [{ job: 'test', attempt: 1, outcome: 'no-runner' }] });
    await turn('POST', 'visibility', { ms: 60_000 });
    const work = await bench.checkout('work');
    await work.commit('first', workflow('true'));
    expect((await work.push(bench.remote('dora/one', 'dora-token'), 'main')).ok, 'no workflow scope').toBe(
      false,
    );
    await turn('POST', 'tokens', { login: 'dora', token: 'full' });
    expect((await work.push(bench.remote('dora/one', 'full'), 'main')).ok).toBe(true);
    expect((await turn('GET', 'idle')).status).toBe(204);
    expect(await turn('GET', 'runs?repository=dora/one')).toMatchObject({
      body: [
        {
          visible: false,
          attempts: [{ conclusion: 'failure', jobs: [{ name: 'test', conclusion: 'failure' }] }],
        },
      ],
    });

    await turn('POST', 'faults', { path: '/^\\/user$/', status: 500, times: 'always' });
    await expect(bench.as('full').users.getAuthenticated()).rejects.toMatchObject({ status: 500 });
    await turn('DELETE', 'faults');
    expect((await bench.as('full').users.getAuthenticated()).status).toBe(200);
    expect((await turn('GET', 'requests')).body).toContainEqual(
      expect.objectContaining({ path: '/api/v3/user', status: 500 }),
    );
  });

  it('make no half of a repository when there is nothing to fill it from', async () => {
    const wanted = { owner: 'alice', name: 'seeded', seedFrom: bench.github.folder };
    expect((await turn('POST', 'repos', wanted)).status).toBe(422);
    expect((await turn('POST', 'repos', { owner: 'alice', name: 'seeded' })).status).toBe(201);
  });

  it('turn for no web page', async () => {
    const headers = { origin: 'https://example.test' };
    const answer = await fetch(`${bench.github.url}/__testkit/users`, {
      method: 'POST',
      headers,
      body: '{"login":"eve"}',
    });
    expect(answer.status).toBe(403);
  });

  it.each<[method: string, knob: string, body: object | undefined, status: number, words: RegExp]>([
    ['POST', 'repos', { owner: 'nobody', name: 'x' }, 422, /knows no user nobody/],
    ['GET', 'runs?repository=a/b', undefined, 422, /knows no repository a\/b/],
    ['GET', 'levers', undefined, 404, /no knob GET/],
    ['POST', 'faults', { pth: '*', status: 500 }, 422, /path: .*Unrecognized key: \\"pth\\"/],
    ['POST', 'faults', { path: '*', status: 'abc' }, 422, /status: .*expected number/],
    [
      'POST',
      'faults',
      { path: '*', status: 500, times: 'ever' },
      422,
      /times: a number from 1, or \\"always\\"/,
    ],
    [
      'POST',
      'faults',
      { path: '*', times: 'always' },
      422,
      /a fault needs a status, dropConnection or delayMs/,
    ],
    ['POST', 'script', { rules: [{ jb: 'test', outcome: 'failure' }] }, 422, /Unrecognized key: \\"jb\\"/],
    ['POST', 'script', { rules: [{ outcome: 'broken' }] }, 422, /rules\.0\.outcome: one of success, failure/],
    ['POST', 'visibility', { ms: 'soon' }, 422, /ms: .*expected number/],
    ['POST', 'log-link-lifetime', { milliseconds: 1 }, 422, /ms: .*expected number/],
    ['POST', 'rate-limit', { login: 'alice', resource: 'cores' }, 422, /resource: .*\\"core\\"/],
    ['POST', 'users', { name: 'eve' }, 422, /login: .*expected string/],
    ['POST', 'repos', { owner: 'alice', name: 'a/b' }, 422, /name: a name has letters, digits and/],
    [
      'POST',
      'issues',
      { repository: 'demo', author: null, title: 'x' },
      422,
      /repository: a repository is OWNER/,
    ],
    ['POST', 'issues/edit', { repository: 'a/b', number: 1, as: 'alice' }, 422, /body: .*expected string/],
    ['POST', 'expire-logs', { run: 1 }, 422, /repository: .*expected string/],
  ])('say what they do not know: %s %s', async (method, knob, body, status, words) => {
    const answer = await turn(method, knob, body);
    expect([answer.status, JSON.stringify(answer.body)]).toEqual([status, expect.stringMatching(words)]);
  });
});
