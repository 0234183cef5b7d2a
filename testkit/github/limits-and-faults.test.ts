import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWorkBench, type WorkBench, workflow } from './work-bench.ts';

describe('what can go wrong on the way', () => {
  let bench: WorkBench;
  const repo = { owner: 'alice', repo: 'demo' };
  beforeEach(async () => {
    bench = await openWorkBench({ rateLimit: 100 });
    await bench.github.addRepo({ owner: 'alice', name: 'demo' });
  });
  afterEach(async () => {
    expect(bench.github.invalidBodies).toEqual([]);
    await bench[Symbol.asyncDispose]();
  });

  it('an answer that has not changed costs nothing, for the token that knows it', async () => {
    const alice = bench.as('alice-token');
    const first = await alice.repos.get(repo);
    const etag = first.headers.etag!;
    expect(first.headers['x-ratelimit-remaining']).toBe('99');

    await expect(alice.repos.get({ ...repo, headers: { 'if-none-match': etag } })).rejects.toMatchObject({
      status: 304,
      response: { headers: { 'x-ratelimit-remaining': '99', 'x-ratelimit-used': '1' } },
    });
    const other = await bench.as('bob-token').repos.get({ ...repo, headers: { 'if-none-match': etag } });
    expect(other.status).toBe(200);
    await alice.repos.update({ ...repo, description: 'new' });
    expect((await alice.repos.get({ ...repo, headers: { 'if-none-match': etag } })).status).toBe(200);
  });

  it('an exhausted hour is refused with its reset, until a new one is given', async () => {
    const alice = bench.as('alice-token');
    bench.github.rateLimit({ login: 'alice', remaining: 0, resetInSeconds: 120 });
    await expect(alice.repos.get(repo)).rejects.toMatchObject({
      status: 403,
      response: { headers: { 'x-ratelimit-remaining': '0' } },
      message: expect.stringContaining('API rate limit exceeded for user ID') as unknown,
    });
    const { data } = await alice.rateLimit.get();
    expect(data.resources.core).toMatchObject({ limit: 100, remaining: 0 });
    expect((await bench.as('bob-token').repos.get(repo)).status).toBe(200);
    bench.github.rateLimit({ login: 'alice', remaining: 5 });
    expect((await alice.repos.get(repo)).headers['x-ratelimit-remaining']).toBe('4');
  });

  it('a fault happens as often as it was asked for, and only there', async () => {
    const alice = bench.as('alice-token');
    const words = { message: 'You have exceeded a secondary rate limit.' };
    const path = /\/actions\/runs$/;
    bench.github.fault({
      method: 'GET',
      path,
      status: 429,
      headers: { 'retry-after': '7' },
      body: words,
      times: 2,
    });
    for (let time = 0; time < 2; time += 1) {
      await expect(alice.actions.listWorkflowRunsForRepo(repo)).rejects.toMatchObject({
        status: 429,
        response: { headers: { 'retry-after': '7' }, data: words },
      });
      expect((await alice.repos.get(repo)).status).toBe(200);
    }
    expect((await alice.actions.listWorkflowRunsForRepo(repo)).status).toBe(200);
  });

  it.each<[path: RegExp | string]>([['/repos/alice/demo'], ['/api/v3/repos/*'], [/demo$/]])(
    'the connection can be dropped on %s',
    async (path) => {
      bench.github.fault({ path, dropConnection: true });
      await expect(bench.as('alice-token').repos.get(repo)).rejects.toMatchObject({ status: 500 });
      expect((await bench.as('alice-token').repos.get(repo)).status).toBe(200);
      expect(bench.github.requests.map((each) => each.status)).toEqual([0, 200]);
    },
  );

  it('an answer can be lost after the deed is done', async () => {
    const alice = bench.as('alice-token');
    bench.github.fault({ method: 'POST', path: '/user/repos', status: 502, afterwards: true });
    await expect(alice.repos.createForAuthenticatedUser({ name: 'twice' })).rejects.toMatchObject({
      status: 502,
    });
    await expect(alice.repos.createForAuthenticatedUser({ name: 'twice' })).rejects.toMatchObject({
      status: 422,
    });

    const work = await bench.checkout('work');
    const sha = await work.commit('first', workflow('true'));
    bench.github.fault({
      path: '*/git-receive-pack',
      method: 'POST',
      dropConnection: true,
      afterwards: true,
    });
    expect((await work.push(bench.remote('alice/demo'), 'main')).ok).toBe(false);
    expect(await work.git('ls-remote', bench.remote('alice/demo'), 'main')).toContain(sha);
    await bench.github.idle();
    expect(bench.github.runs('alice/demo').map((run) => run.plan.headSha)).toEqual([sha]);
  });

  it('git meets faults too', async () => {
    const work = await bench.checkout('work');
    await work.commit('first');
    bench.github.fault({ path: '/alice/demo.git/git-receive-pack', status: 503 });
    expect((await work.push(bench.remote('alice/demo'), 'main')).said).toContain('503');
    expect((await work.push(bench.remote('alice/demo'), 'main')).ok).toBe(true);
  });

  it('a run shows only when its time has come, however long it is done', async () => {
    const alice = bench.as('alice-token');
    const work = await bench.checkout('work');
    const head_sha = await work.commit('first', workflow('true'));
    bench.github.visibility(3_600_000);
    await work.push(bench.remote('alice/demo'), 'main');
    await bench.github.idle();
    expect((await alice.actions.listWorkflowRunsForRepo({ ...repo, head_sha })).data.total_count).toBe(0);
    expect((await alice.checks.listForRef({ ...repo, ref: head_sha })).data.total_count).toBe(0);

    const run = bench.github.runs('alice/demo')[0]!;
    expect(run.attempts[0]!.conclusion).toBe('success');
    await expect(alice.actions.getWorkflowRun({ ...repo, run_id: run.id })).rejects.toMatchObject({
      status: 404,
    });
    run.visibleAt = Date.now();
    expect((await alice.actions.listWorkflowRunsForRepo({ ...repo, head_sha })).data.total_count).toBe(1);
  });

  it('a link to a log dies, and there is no log before the end or without a runner', async () => {
    const alice = bench.as('alice-token');
    const work = await bench.checkout('work');
    await work.commit('first', workflow('true'));
    bench.github.script(() => 'no-runner');
    await work.push(bench.remote('alice/demo'), 'main');
    await bench.github.idle();
    const job = bench.github.runs('alice/demo')[0]!.attempts[0]!.jobs[0]!;
    const shown = await alice.actions.getJobForWorkflowRun({ ...repo, job_id: job.id });
    expect(shown.data).toMatchObject({ conclusion: 'failure', steps: [], runner_name: '', runner_id: 0 });

    const link = async (): Promise<string> => {
      const answer = await fetch(
        `${bench.github.apiUrl}/repos/alice/demo/actions/jobs/${String(job.id)}/logs`,
        {
          redirect: 'manual',
          headers: { authorization: 'Bearer alice-token' },
        },
      );
      expect(answer.status).toBe(302);
      return answer.headers.get('location')!;
    };
    const missing = await fetch(await link());
    expect([missing.status, await missing.text()]).toEqual([404, expect.stringContaining('BlobNotFound')]);
    bench.github.logLinkLifetime(-1);
    expect((await fetch(await link())).status).toBe(403);
  });

  it('remembers what was asked, by whom, and no token', async () => {
    await bench.as('alice-token').issues.create({ ...repo, title: 'hello' });
    const [asked] = bench.github.requests;
    expect(asked).toMatchObject({
      kind: 'rest',
      method: 'POST',
      path: '/api/v3/repos/alice/demo/issues',
      login: 'alice',
      body: { title: 'hello' },
      status: 201,
    });
    expect(JSON.stringify(bench.github.requests)).not.toContain('alice-token');
  });

  it('a body that is no JSON is a 400, an unknown path a 404', async () => {
    const ask = (path: string, init: RequestInit): Promise<Response> =>
      fetch(`${bench.github.apiUrl}${path}`, { ...init, headers: { authorization: 'token alice-token' } });
    expect((await ask('/repos/alice/demo/issues', { method: 'POST', body: '{' })).status).toBe(400);
    expect((await ask('/nothing/here', {})).status).toBe(404);
  });
});
