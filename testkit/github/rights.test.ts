import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Checkout, openWorkBench, type WorkBench, workflow } from './work-bench.ts';

describe('who may do what', () => {
  let bench: WorkBench;
  let work: Checkout;
  const secret = { owner: 'alice', repo: 'secret' };
  beforeAll(async () => {
    bench = await openWorkBench();
    const { github } = bench;
    github.addUser({ login: 'carol', token: 'carol-token' });
    github.addToken({ login: 'alice', token: 'no-workflow', scopes: ['repo'] });
    github.addToken({ login: 'alice', token: 'no-scopes', scopes: [] });
    github.addToken({ login: 'alice', token: 'github_pat_fine' });
    await github.addRepo({
      owner: 'alice',
      name: 'secret',
      private: true,
      collaborators: [{ login: 'carol', permission: 'read' }],
    });
    await github.addRepo({ owner: 'alice', name: 'open' });
    await github.addRepo({ owner: 'alice', name: 'guarded', protectedBranches: ['main'] });
    work = await bench.checkout('work');
    await work.commit('first');
  });
  afterAll(async () => {
    expect(bench.github.invalidBodies).toEqual([]);
    await bench[Symbol.asyncDispose]();
  });

  it.each<[who: string, token: string | null, status: number]>([
    ['its owner', 'alice-token', 200],
    ['a reader', 'carol-token', 200],
    ['a stranger', 'bob-token', 404],
    ['nobody', null, 404],
    ['a wrong token', 'wrong', 401],
    ['its owner with a token that may see public repositories only', 'no-scopes', 404],
  ])('a private repository is read by %s with %s: %i', async (_who, token, status) => {
    const answer = await bench
      .as(token)
      .repos.get(secret)
      .catch((failure: unknown) => failure);
    expect(answer).toMatchObject({ status });
  });

  it.each<[who: string, token: string, repository: string, words: RegExp]>([
    ['a wrong token', 'wrong', 'alice/open', /Authentication failed/],
    ['a stranger to a private repository', 'bob-token', 'alice/secret', /Repository not found/],
    [
      'a stranger to a public repository',
      'bob-token',
      'alice/open',
      /Permission to alice\/open.git denied to bob.[\s\S]*403/,
    ],
    ['a reader', 'carol-token', 'alice/secret', /denied to carol/],
    ['a token without scopes', 'no-scopes', 'alice/open', /denied to alice/],
  ])('a push is refused to %s', async (_who, token, repository, words) => {
    expect(await work.push(bench.remote(repository, token), 'main')).toEqual({
      ok: false,
      said: expect.stringMatching(words) as unknown,
    });
  });

  it('anyone reads a public repository without a token, and nobody a private one', async () => {
    expect((await work.push(bench.remote('alice/open'), 'main')).ok).toBe(true);
    const anonymous = `${bench.github.url}/alice/open.git`;
    expect(await work.git('ls-remote', anonymous, 'main')).toContain('refs/heads/main');
    await expect(work.git('ls-remote', `${bench.github.url}/alice/secret.git`)).rejects.toThrow(
      /could not read Username/,
    );
  });

  it('a protected branch refuses pushes with GH006, and says so where git looks', async () => {
    const pushed = await work.push(bench.remote('alice/guarded'), 'main', 'main:free');
    expect(pushed.said).toContain(
      'remote: error: GH006: Protected branch update failed for refs/heads/main.',
    );
    expect(pushed.said).toContain('! [remote rejected] main -> main (protected branch hook declined)');
    expect(pushed.said).toContain('[new branch]      main -> free');
    expect(pushed.said).not.toContain('hook declined to update');
  });

  it('a token without the workflow scope may not bring a workflow, and may bring all else', async () => {
    const url = bench.remote('alice/open', 'no-workflow');
    await work.commit('harmless', { 'a.txt': 'a\n' });
    expect((await work.push(url, 'main')).ok).toBe(true);
    await work.commit('a workflow', workflow('true'));
    expect((await work.push(url, 'main')).said).toContain(
      '! [remote rejected] main -> main (refusing to allow a Personal Access Token to create or update workflow `.github/workflows/ci.yml` without `workflow` scope)',
    );
    expect((await work.push(bench.remote('alice/open', 'github_pat_fine'), 'main')).ok).toBe(true);
    await work.git('checkout', '--quiet', '-b', 'side');
    expect((await work.push(url, 'side')).ok, 'the same file is there on another branch').toBe(true);
    await bench.github.idle();
  });

  it.each<[who: string, token: string, status: number]>([
    ['a stranger', 'bob-token', 403],
    ['the author', 'carol-token', 200],
    ['the owner', 'alice-token', 200],
  ])('an issue of a reader is changed by %s with %s: %i', async (_who, token, status) => {
    const place = { repository: 'alice/open', author: 'carol', title: 'mine' };
    const { number } = bench.github.addIssue(place);
    const answer = await bench
      .as(token)
      .issues.update({ owner: 'alice', repo: 'open', issue_number: number, body: 'changed' })
      .catch((failure: unknown) => failure);
    expect(answer).toMatchObject({ status });
  });

  it('a token tells its scopes, and a fine-grained one has none to tell', async () => {
    const classic = await bench.as('no-workflow').users.getAuthenticated();
    expect(classic.headers['x-oauth-scopes']).toBe('repo');
    expect(classic.data.login).toBe('alice');
    const fine = await bench.as('github_pat_fine').users.getAuthenticated();
    expect(fine.headers['x-oauth-scopes']).toBeUndefined();
    await expect(bench.as(null).users.getAuthenticated()).rejects.toMatchObject({
      status: 401,
      response: { data: { message: 'Requires authentication' } },
    });
  });

  it.each<[login: string, permission: string, role: string]>([
    ['alice', 'admin', 'admin'],
    ['carol', 'read', 'read'],
    ['bob', 'none', 'none'],
  ])('%s has the permission %s', async (username, permission, role) => {
    const answer = await bench
      .as('alice-token')
      .repos.getCollaboratorPermissionLevel({ ...secret, username });
    expect(answer.data).toMatchObject({ permission, role_name: role });
  });
});
