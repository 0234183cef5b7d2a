import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Checkout, openWorkBench, type WorkBench } from './work-bench.ts';

const repo = { owner: 'alice', repo: 'demo' };

describe('pull requests', () => {
  let bench: WorkBench;
  let work: Checkout;
  beforeAll(async () => {
    bench = await openWorkBench();
    await bench.github.addRepo({ owner: 'alice', name: 'demo', protectedBranches: ['main'] });
    work = await bench.checkout('demo');
    const ci = 'on: pull_request\njobs: { test: { runs-on: x, steps: [{ run: "true" }] } }\n';
    await work.commit('base', { '.github/workflows/pr.yml': ci, 'a.txt': 'a\n' });
    bench.github.repo('alice/demo').protectedBranches.clear();
    await work.push(bench.remote('alice/demo'), 'main');
    bench.github.repo('alice/demo').protectedBranches.add('main');
    await work.git('checkout', '--quiet', '-b', 'feature');
    await work.commit('more', { 'b.txt': 'b\n' });
    await work.push(bench.remote('alice/demo'), 'feature');
  });
  afterAll(async () => {
    expect(bench.github.invalidBodies).toEqual([]);
    await bench[Symbol.asyncDispose]();
  });

  it('one is opened, runs its workflow, follows its branch and is merged into a protected branch', async () => {
    const alice = bench.as('alice-token');
    const { data: made } = await alice.pulls.create({
      ...repo,
      title: 'Feature',
      head: 'feature',
      base: 'main',
      body: 'why',
    });
    expect(made).toMatchObject({
      state: 'open',
      merged: false,
      mergeable: true,
      commits: 1,
      changed_files: 1,
    });
    const sha = await work.commit('even more', { 'c.txt': 'c\n' });
    await work.push(bench.remote('alice/demo'), 'feature');
    await bench.github.idle();

    const pull = { ...repo, pull_number: made.number };
    expect((await alice.pulls.get(pull)).data.head.sha).toBe(sha);
    const runs = await alice.actions.listWorkflowRunsForRepo({
      ...repo,
      head_sha: sha,
      event: 'pull_request',
    });
    expect(runs.data.workflow_runs).toMatchObject([
      { conclusion: 'success', head_branch: 'feature', pull_requests: [{ number: made.number }] },
    ]);
    expect((await alice.pulls.listFiles(pull)).data.map(({ filename }) => filename)).toEqual([
      'b.txt',
      'c.txt',
    ]);
    expect((await alice.pulls.listCommits(pull)).data.map(({ commit }) => commit.message)).toEqual([
      'more',
      'even more',
    ]);
    expect((await alice.pulls.list({ ...repo, head: 'alice:feature' })).data).toMatchObject([
      { number: made.number },
    ]);
    const asIssue = await alice.issues.listForRepo(repo);
    expect(asIssue.data).toMatchObject([{ number: made.number, pull_request: { merged_at: null } }]);
    await expect(alice.pulls.merge({ ...pull, sha: '0'.repeat(40) })).rejects.toMatchObject({ status: 409 });

    const merged = await alice.pulls.merge(pull);
    expect(merged.data.merged).toBe(true);
    const done = await alice.pulls.get(pull);
    expect(done.data).toMatchObject({
      state: 'closed',
      merged: true,
      merged_by: { login: 'alice' },
      merge_commit_sha: merged.data.sha,
    });
    expect((await alice.git.getRef({ ...repo, ref: 'heads/main' })).data.object.sha).toBe(merged.data.sha);
    expect((await alice.pulls.checkIfMerged(pull)).status).toBe(204);
    expect((await alice.repos.getCommit({ ...repo, ref: 'main' })).data.parents).toHaveLength(2);
  });

  it('one that conflicts cannot be merged, and can be closed', async () => {
    const alice = bench.as('alice-token');
    await work.commit('mine', { 'a.txt': 'mine\n' });
    await work.push(bench.remote('alice/demo'), 'HEAD:conflicting');
    const file = await alice.repos.getContent({ ...repo, path: 'a.txt' });
    bench.github.repo('alice/demo').protectedBranches.clear();
    const content = Buffer.from('theirs\n').toString('base64');
    const sha = (file.data as { sha: string }).sha;
    await alice.repos.createOrUpdateFileContents({ ...repo, path: 'a.txt', message: 'theirs', content, sha });
    const { data: made } = await alice.pulls.create({
      ...repo,
      title: 'Conflict',
      head: 'conflicting',
      base: 'main',
    });
    expect(made).toMatchObject({ mergeable: false, mergeable_state: 'dirty' });
    await expect(alice.pulls.merge({ ...repo, pull_number: made.number })).rejects.toMatchObject({
      status: 405,
    });
    const closed = await alice.pulls.update({ ...repo, pull_number: made.number, state: 'closed' });
    expect(closed.data).toMatchObject({ state: 'closed', merged: false });
  });

  it('nobody pushes into refs/pull', async () => {
    const pushed = await work.push(bench.remote('alice/demo'), 'HEAD:refs/pull/1/head');
    expect(pushed.said).toContain('(deny updating a hidden ref)');
  });

  it.each<[what: string, head: string, message: RegExp]>([
    ['of a branch that is not there', 'nowhere', /Validation Failed/],
    ['without commits', 'main', /No commits between main and main/],
  ])('none is made %s', async (_what, head, message) => {
    await expect(
      bench.as('alice-token').pulls.create({ ...repo, title: 'x', head, base: 'main' }),
    ).rejects.toMatchObject({
      status: 422,
      message: expect.stringMatching(message) as unknown,
    });
  });
});
