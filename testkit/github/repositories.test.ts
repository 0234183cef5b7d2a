import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkBench, type WorkBench, workflow } from './work-bench.ts';

describe('repositories', () => {
  let bench: WorkBench;
  const demo = { owner: 'alice', repo: 'demo' };
  beforeAll(async () => {
    bench = await openWorkBench();
  });
  afterAll(async () => {
    expect(bench.github.invalidBodies).toEqual([]);
    await bench[Symbol.asyncDispose]();
  });

  it('one that is created can be pushed to and cloned, and its name is taken', async () => {
    const alice = bench.as('alice-token');
    const { data } = await alice.repos.createForAuthenticatedUser({
      name: 'demo',
      private: true,
      description: 'a demo',
    });
    expect(data).toMatchObject({ name: 'demo', visibility: 'private', permissions: { admin: true } });
    const work = await bench.checkout('demo');
    const sha = await work.commit('first', { 'src/a b.txt': 'hello\n', 'README.md': '# demo\n' });
    expect((await work.push(bench.remote('alice/demo'), 'main')).ok).toBe(true);
    await work.git('clone', '--quiet', '--depth', '1', bench.remote('alice/demo'), 'again');
    expect(await work.git('-C', 'again', 'rev-parse', 'HEAD')).toBe(sha);

    await expect(alice.repos.createForAuthenticatedUser({ name: 'Demo' })).rejects.toMatchObject({
      status: 422,
      response: { data: { errors: [{ message: 'name already exists on this account' }] } },
    });
    await expect(alice.repos.createForAuthenticatedUser({ name: 'no spaces' })).rejects.toMatchObject({
      status: 422,
    });
  });

  it('one can be filled from a local repository without any run', async () => {
    const work = await bench.checkout('seed');
    const sha = await work.commit('seeded', workflow('true'));
    await work.git('branch', 'side');
    await bench.github.addRepo({ owner: 'alice', name: 'seeded', seedFrom: work.folder });
    const branches = await bench.as('alice-token').repos.listBranches({ owner: 'alice', repo: 'seeded' });
    expect(branches.data.map(({ name, commit }) => [name, commit.sha])).toEqual([
      ['main', sha],
      ['side', sha],
    ]);
    await bench.github.idle();
    expect(bench.github.runs('alice/seeded')).toEqual([]);
  });

  it('shows what is in it: files, folders, commits, refs, trees, comparisons', async () => {
    const alice = bench.as('alice-token');
    const head = (await alice.git.getRef({ ...demo, ref: 'heads/main' })).data.object.sha;
    const file = await alice.repos.getContent({ ...demo, path: 'src/a b.txt', ref: head });
    expect(file.data).toMatchObject({
      type: 'file',
      encoding: 'base64',
      content: `${Buffer.from('hello\n').toString('base64')}\n`,
    });
    const folder = await alice.repos.getContent({ ...demo, path: '' });
    expect(folder.data).toMatchObject([
      { name: 'README.md', type: 'file' },
      { name: 'src', type: 'dir' },
    ]);
    await expect(alice.repos.getContent({ ...demo, path: 'nope' })).rejects.toMatchObject({ status: 404 });

    await alice.repos.createOrUpdateFileContents({
      ...demo,
      path: 'src/new.txt',
      message: 'by the API',
      content: Buffer.from('new\n').toString('base64'),
    });
    const commits = await alice.repos.listCommits({ ...demo, path: 'src/new.txt' });
    expect(commits.data).toMatchObject([{ commit: { message: 'by the API' }, parents: [{ sha: head }] }]);
    const one = await alice.repos.getCommit({ ...demo, ref: 'main' });
    expect(one.data).toMatchObject({
      stats: { additions: 1, deletions: 0 },
      files: [{ filename: 'src/new.txt', status: 'added', patch: '@@ -0,0 +1 @@\n+new' }],
    });
    const compared = await alice.repos.compareCommitsWithBasehead({ ...demo, basehead: `${head}...main` });
    expect(compared.data).toMatchObject({
      status: 'ahead',
      ahead_by: 1,
      behind_by: 0,
      files: [{ filename: 'src/new.txt' }],
    });
    const tree = await alice.git.getTree({ ...demo, tree_sha: 'main', recursive: '1' });
    expect(tree.data.tree.map(({ path }) => path)).toEqual([
      'README.md',
      'src',
      'src/a b.txt',
      'src/new.txt',
    ]);
    const git = await alice.git.getCommit({ ...demo, commit_sha: head });
    expect(git.data.message).toBe('first');
    expect((await alice.repos.getBranch({ ...demo, branch: 'main' })).data).toMatchObject({
      protected: false,
    });
    await expect(alice.repos.getCommit({ ...demo, ref: 'f'.repeat(40) })).rejects.toMatchObject({
      status: 422,
    });
  });

  it('passes on what a committer is called, be it an address or not', async () => {
    await bench.github.addRepo({ owner: 'bob', name: 'laptop' });
    const work = await bench.checkout('laptop');
    await work.git('config', 'user.email', 'me');
    const sha = await work.commit('first', { 'a.txt': 'a\n' });
    expect((await work.push(bench.remote('bob/laptop', 'bob-token'), 'main')).ok).toBe(true);
    const { data } = await bench.as('bob-token').repos.getCommit({ owner: 'bob', repo: 'laptop', ref: sha });
    expect(data.commit.author).toMatchObject({ name: 'Alice', email: 'me' });
  });

  it('shows files as they are and changes as differences, when asked to', async () => {
    const alice = bench.as('alice-token');
    const raw = await alice.repos.getContent({ ...demo, path: 'src/new.txt', mediaType: { format: 'raw' } });
    expect(raw.data).toBe('new\n');
    const diff = await alice.repos.getCommit({ ...demo, ref: 'main', mediaType: { format: 'diff' } });
    expect(diff.data).toMatch(/^diff --git a\/src\/new.txt b\/src\/new.txt\nnew file mode 100644/);
    const sha = await alice.repos.getCommit({ ...demo, ref: 'main', mediaType: { format: 'sha' } });
    expect(sha.data).toMatch(/^[0-9a-f]{40}$/);
  });

  it.each<[path: string]>([['../up.txt'], ['a/.git/config'], ['a//b']])(
    'no file is written at %s',
    async (path) => {
      const answer = await fetch(
        `${bench.github.apiUrl}/repos/alice/demo/contents/${encodeURIComponent(path)}`,
        {
          method: 'PUT',
          headers: { authorization: 'token alice-token' },
          body: JSON.stringify({ message: 'x', content: '' }),
        },
      );
      expect(answer.status).toBe(422);
    },
  );

  it('takes pushes in chunks and asks that are compressed', async () => {
    await bench.github.addRepo({ owner: 'alice', name: 'big' });
    const work = await bench.checkout('big');
    await work.commit('big', { 'big.bin': randomBytes(1_500_000).toString('latin1') });
    const tree = await work.git('write-tree');
    const branches: string[] = [];
    for (let index = 0; index < 25; index += 1) {
      const sha = await work.git('commit-tree', tree, '-p', 'HEAD', '-m', `branch ${String(index)}`);
      branches.push(`${sha}:refs/heads/b${String(index)}`);
    }
    await work.git('config', 'http.postBuffer', '65536');
    expect((await work.push(bench.remote('alice/big'), 'main', ...branches)).ok).toBe(true);
    await work.git('clone', '--quiet', bench.remote('alice/big'), 'again');
    expect(await work.git('-C', 'again', 'rev-list', '--all', '--count')).toBe('26');
    const asked = bench.github.requests.filter(({ path }) => path.startsWith('/alice/big.git/'));
    expect(asked.some(({ headers }) => headers['transfer-encoding'] === 'chunked')).toBe(true);
    expect(asked.some(({ headers }) => headers['content-encoding'] === 'gzip')).toBe(true);
    expect(asked.some(({ headers }) => headers['git-protocol'] === 'version=2')).toBe(true);
  });

  it('refs are made, moved and deleted, fast-forward only unless forced', async () => {
    const alice = bench.as('alice-token');
    const main = (await alice.git.getRef({ ...demo, ref: 'heads/main' })).data.object.sha;
    const parent = (await alice.repos.getCommit({ ...demo, ref: 'main' })).data.parents[0]!.sha;
    await alice.git.createRef({ ...demo, ref: 'refs/heads/x/y', sha: main });
    await expect(alice.git.createRef({ ...demo, ref: 'refs/heads/x/y', sha: main })).rejects.toMatchObject({
      status: 422,
    });
    await expect(alice.git.createRef({ ...demo, ref: 'refs/heads/../x', sha: main })).rejects.toMatchObject({
      status: 422,
    });
    await expect(alice.git.updateRef({ ...demo, ref: 'heads/x/y', sha: parent })).rejects.toMatchObject({
      status: 422,
    });
    await alice.git.updateRef({ ...demo, ref: 'heads/x/y', sha: parent, force: true });
    expect((await alice.git.getRef({ ...demo, ref: 'heads/x/y' })).data.object.sha).toBe(parent);
    await alice.git.deleteRef({ ...demo, ref: 'heads/x/y' });
    await expect(alice.git.getRef({ ...demo, ref: 'heads/x/y' })).rejects.toMatchObject({ status: 404 });
  });

  it('a renamed one is found under its old name by REST and by git', async () => {
    const alice = bench.as('alice-token');
    await alice.repos.update({ ...demo, name: 'renamed' });
    const raw = await fetch(`${bench.github.apiUrl}/repos/alice/demo`, {
      redirect: 'manual',
      headers: { authorization: 'token alice-token' },
    });
    expect(raw.status).toBe(301);
    expect((await alice.repos.get(demo)).data.full_name).toBe('alice/renamed');
    expect((await alice.actions.listWorkflowRunsForRepo(demo)).data.total_count).toBe(0);
    expect((await alice.issues.create({ ...demo, title: 'still arrives' })).data.number).toBe(1);
    const work = await bench.checkout('renamed');
    expect(await work.git('ls-remote', bench.remote('alice/demo'), 'main')).toContain('refs/heads/main');
    await expect(bench.as('bob-token').repos.get(demo)).rejects.toMatchObject({ status: 404 });
  });

  it('are listed by the last push, page by page', async () => {
    const alice = bench.as('alice-token');
    for (let index = 0; index < 5; index += 1) {
      const repo = await bench.github.addRepo({ owner: 'alice', name: `page-${String(index)}` });
      repo.pushedAt = new Date(Date.UTC(2020, 0, 1 + index));
    }
    const first = await alice.repos.listForAuthenticatedUser({
      sort: 'pushed',
      direction: 'asc',
      per_page: 2,
    });
    expect(first.data.map(({ name }) => name)).toEqual(['page-0', 'page-1']);
    expect(first.headers.link).toMatch(/<[^>]+page=2[^>]*>; rel="next", <[^>]+page=4[^>]*>; rel="last"/);
    const all = await alice.paginate(alice.repos.listForAuthenticatedUser, { sort: 'pushed', per_page: 2 });
    expect(all.map(({ name }) => name).slice(-5)).toEqual(['page-4', 'page-3', 'page-2', 'page-1', 'page-0']);
    expect(all).toHaveLength(8);
    const beyond = await alice.repos.listForAuthenticatedUser({ per_page: 100, page: 9 });
    expect(beyond.data).toEqual([]);
  });

  it('an archived one takes no pushes, and a deleted one is gone', async () => {
    const alice = bench.as('alice-token');
    const repo = { owner: 'alice', repo: 'page-0' };
    await alice.repos.update({ ...repo, archived: true });
    const work = await bench.checkout('archived');
    await work.commit('late');
    expect((await work.push(bench.remote('alice/page-0'), 'main')).said).toContain('403');
    await expect(alice.issues.create({ ...repo, title: 'late' })).rejects.toMatchObject({ status: 403 });
    expect((await alice.repos.delete(repo)).status).toBe(204);
    await expect(alice.repos.get(repo)).rejects.toMatchObject({ status: 404 });
  });

  it('answers the small questions: meta, zen, users, permissions, organizations', async () => {
    const alice = bench.as('alice-token');
    bench.github.addUser({ login: 'guild', type: 'Organization' });
    const made = await alice.repos.createInOrg({ org: 'guild', name: 'shared', auto_init: true });
    expect(made.data.owner.type).toBe('Organization');
    expect((await alice.repos.listForOrg({ org: 'guild' })).data).toMatchObject([{ name: 'shared' }]);
    const readme = await alice.repos.getReadme({ owner: 'guild', repo: 'shared' });
    expect(Buffer.from(readme.data.content, 'base64').toString()).toBe('# shared\n');
    expect((await alice.users.getByUsername({ username: 'BOB' })).data.login).toBe('bob');
    expect((await alice.repos.listForUser({ username: 'alice' })).data.map(({ name }) => name)).not.toContain(
      'renamed',
    );
    expect((await alice.meta.getZen()).data).toBeTypeOf('string');
    expect((await alice.meta.get()).status).toBe(200);
    const repo = { owner: 'alice', repo: 'seeded' };
    expect((await alice.actions.getGithubActionsPermissionsRepository(repo)).data.enabled).toBe(true);
    expect((await alice.repos.listCollaborators({ owner: 'guild', repo: 'shared' })).data).toMatchObject([
      { login: 'alice', role_name: 'admin' },
    ]);
    expect((await alice.repos.getBranchRules({ ...repo, branch: 'main' })).data).toEqual([]);
    await expect(alice.repos.getBranchProtection({ ...repo, branch: 'main' })).rejects.toMatchObject({
      status: 404,
    });
  });
});
