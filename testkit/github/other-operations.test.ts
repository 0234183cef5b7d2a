import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkBench, type WorkBench, workflow } from './work-bench.ts';

const repo = { owner: 'alice', repo: 'demo' };

describe('the less usual operations', () => {
  let bench: WorkBench;
  let sha: string;
  beforeAll(async () => {
    bench = await openWorkBench();
    await bench.github.addRepo({ owner: 'alice', name: 'demo' });
    const work = await bench.checkout('demo');
    sha = await work.commit('first', workflow('exit 1'));
    await work.push(bench.remote('alice/demo'), 'main');
    await bench.github.idle();
  });
  afterAll(async () => {
    expect(bench.github.invalidBodies).toEqual([]);
    await bench[Symbol.asyncDispose]();
  });

  it('an outside system reports a check and changes it, with annotations', async () => {
    const alice = bench.as('alice-token');
    const made = await alice.checks.create({ ...repo, name: 'vercel', head_sha: sha, status: 'in_progress' });
    expect(made.data).toMatchObject({ status: 'in_progress', conclusion: null });
    const check_run_id = made.data.id;
    await alice.checks.update({
      ...repo,
      check_run_id,
      conclusion: 'failure',
      output: {
        title: 'Broken',
        summary: 'It is broken',
        annotations: [
          { path: 'a.js', start_line: 3, end_line: 4, annotation_level: 'warning', message: 'look' },
        ],
      },
    });
    expect((await alice.checks.get({ ...repo, check_run_id })).data).toMatchObject({
      status: 'completed',
      output: { title: 'Broken', annotations_count: 1 },
    });
    const notes = await alice.checks.listAnnotations({ ...repo, check_run_id });
    expect(notes.data).toMatchObject([{ path: 'a.js', start_line: 3, annotation_level: 'warning' }]);
    const suites = await alice.checks.listSuitesForRef({ ...repo, ref: sha });
    expect(suites.data.check_suites.map(({ app, conclusion }) => [app?.slug, conclusion])).toEqual([
      ['github-actions', 'failure'],
      ['stand-in-ci', 'failure'],
    ]);
    const suite = { ...repo, check_suite_id: suites.data.check_suites[0]!.id };
    expect((await alice.checks.getSuite(suite)).data.head_sha).toBe(sha);
    expect((await alice.checks.listForSuite(suite)).data.check_runs).toMatchObject([{ name: 'test' }]);
    const named = await alice.checks.listForRef({
      ...repo,
      ref: sha,
      check_name: 'vercel',
      status: 'completed',
    });
    expect(named.data.total_count).toBe(1);
  });

  it('one job is re-run, attempts stay readable, a finished run can be deleted', async () => {
    const alice = bench.as('alice-token');
    const run_id = bench.github.runs('alice/demo')[0]!.id;
    const job_id = bench.github.runs('alice/demo')[0]!.attempts[0]!.jobs[0]!.id;
    expect((await alice.actions.reRunJobForWorkflowRun({ ...repo, job_id })).status).toBe(201);
    await bench.github.idle();
    expect(
      (await alice.actions.getWorkflowRunAttempt({ ...repo, run_id, attempt_number: 1 })).data.run_attempt,
    ).toBe(1);
    expect((await alice.actions.listWorkflowRunArtifacts({ ...repo, run_id })).data.total_count).toBe(0);
    await expect(alice.actions.cancelWorkflowRun({ ...repo, run_id })).rejects.toMatchObject({ status: 409 });
    expect((await alice.actions.reRunWorkflow({ ...repo, run_id })).status).toBe(201);
    await bench.github.idle();
    expect((await alice.actions.getWorkflowRun({ ...repo, run_id })).data.run_attempt).toBe(3);
    const today = new Date().toISOString().slice(0, 10);
    const listed = async (created: string): Promise<number> =>
      (await alice.actions.listWorkflowRunsForRepo({ ...repo, created })).data.total_count;
    expect([
      await listed(`>=${today}`),
      await listed('<2020-01-01'),
      await listed(`2020-01-01..${today}`),
    ]).toEqual([1, 0, 1]);
    expect((await alice.actions.deleteWorkflowRunLogs({ ...repo, run_id })).status).toBe(204);
    await expect(alice.actions.downloadWorkflowRunLogs({ ...repo, run_id })).rejects.toMatchObject({
      status: 410,
    });
    expect((await alice.actions.deleteWorkflowRun({ ...repo, run_id })).status).toBe(204);
    await expect(alice.actions.getWorkflowRun({ ...repo, run_id })).rejects.toMatchObject({ status: 404 });
  });

  it('statuses are listed, the newest of a context counts, and a wrong one is refused', async () => {
    const alice = bench.as('alice-token');
    const status = { ...repo, sha, context: 'ci/other' };
    await alice.repos.createCommitStatus({
      ...status,
      state: 'failure',
      target_url: 'https://example.test/1',
    });
    await alice.repos.createCommitStatus({ ...status, state: 'success' });
    expect(
      (await alice.repos.listCommitStatusesForRef({ ...repo, ref: 'main' })).data.map(({ state }) => state),
    ).toEqual(['success', 'failure']);
    expect((await alice.repos.getCombinedStatusForRef({ ...repo, ref: sha })).data).toMatchObject({
      state: 'success',
      total_count: 1,
    });
    await expect(
      alice.repos.createCommitStatus({ ...status, state: 'great' as 'success' }),
    ).rejects.toMatchObject({ status: 422 });
    await expect(
      alice.repos.createCommitStatus({ ...status, sha: 'f'.repeat(40), state: 'success' }),
    ).rejects.toMatchObject({ status: 422 });
  });

  it('collaborators, labels, locks, comments and settings change', async () => {
    const alice = bench.as('alice-token');
    await alice.repos.addCollaborator({ ...repo, username: 'bob', permission: 'push' });
    expect((await bench.as('bob-token').repos.get(repo)).data.permissions).toMatchObject({
      push: true,
      admin: false,
    });
    const label = await alice.issues.createLabel({ ...repo, name: 'urgent', color: 'ff0000' });
    expect(label.data.color).toBe('ff0000');
    await expect(alice.issues.createLabel({ ...repo, name: 'Urgent' })).rejects.toMatchObject({
      status: 422,
    });
    const { data: issue } = await alice.issues.create({
      ...repo,
      title: 'one',
      labels: ['urgent'],
      assignees: ['bob'],
    });
    const place = { ...repo, issue_number: issue.number };
    expect((await alice.issues.listLabelsOnIssue(place)).data).toMatchObject([{ name: 'urgent' }]);
    expect((await alice.issues.removeLabel({ ...place, name: 'urgent' })).data).toEqual([]);
    expect((await alice.issues.listLabelsForRepo(repo)).data).toHaveLength(1);
    expect((await alice.issues.listEvents(place)).data.map(({ event }) => event)).toEqual([
      'labeled',
      'unlabeled',
    ]);
    await alice.issues.lock(place);
    expect((await bench.as('bob-token').issues.createComment({ ...place, body: 'still' })).status).toBe(201);
    await alice.repos.removeCollaborator({ ...repo, username: 'bob' });
    await expect(
      bench.as('bob-token').issues.createComment({ ...place, body: 'no more' }),
    ).rejects.toMatchObject({ status: 403 });
    const { data: comments } = await alice.issues.listComments(place);
    const comment = { ...repo, comment_id: comments[0]!.id };
    expect((await alice.issues.getComment(comment)).data.body).toBe('still');
    expect((await alice.issues.listCommentsForRepo(repo)).data).toHaveLength(1);
    expect((await alice.issues.deleteComment(comment)).status).toBe(204);
    expect((await alice.issues.list({ filter: 'assigned' })).data).toEqual([]);
    expect((await bench.as('bob-token').issues.list({ filter: 'assigned' })).data).toMatchObject([
      { title: 'one' },
    ]);
    expect((await alice.git.listMatchingRefs({ ...repo, ref: 'heads/ma' })).data).toMatchObject([
      { ref: 'refs/heads/main' },
    ]);
    expect(
      (await alice.repos.listPullRequestsAssociatedWithCommit({ ...repo, commit_sha: sha })).data,
    ).toEqual([]);
    await alice.repos.update({ ...repo, has_issues: false });
    await expect(alice.issues.listForRepo(repo)).rejects.toMatchObject({ status: 410 });
  });

  it('a repository whose Actions are switched off runs nothing', async () => {
    const alice = bench.as('alice-token');
    await alice.actions.setGithubActionsPermissionsRepository({ ...repo, enabled: false });
    const work = await bench.checkout('quiet');
    await work.git('pull', '--quiet', bench.remote('alice/demo'), 'main');
    await work.commit('quiet');
    await work.push(bench.remote('alice/demo'), 'HEAD:main');
    await bench.github.idle();
    expect(bench.github.runs('alice/demo')).toEqual([]);
  });
});
