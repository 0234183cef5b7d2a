import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Checkout, openWorkBench, type WorkBench, workflow } from './work-bench.ts';

describe('a push with a workflow', () => {
  let bench: WorkBench;
  let work: Checkout;
  const repo = { owner: 'alice', repo: 'demo' };
  beforeAll(async () => {
    bench = await openWorkBench();
    work = await bench.checkout('demo');
  });
  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  it('goes red, tells why in its log, and green once fixed', async () => {
    const alice = bench.as('alice-token');
    const made = await alice.repos.createForAuthenticatedUser({ name: 'demo', private: true });
    expect(made.data).toMatchObject({ full_name: 'alice/demo', private: true, default_branch: 'main' });

    const red = await work.commit('break it', {
      ...workflow('sh check.sh'),
      'check.sh': 'echo "1 test failed"; exit 3\n',
    });
    expect(await work.push(bench.remote('alice/demo'), 'main')).toMatchObject({ ok: true });
    await bench.github.idle();

    const runs = await alice.actions.listWorkflowRunsForRepo({ ...repo, head_sha: red });
    expect(runs.data.total_count).toBe(1);
    const run = runs.data.workflow_runs[0]!;
    expect(run).toMatchObject({
      name: 'CI',
      head_sha: red,
      head_branch: 'main',
      event: 'push',
      status: 'completed',
      conclusion: 'failure',
      run_attempt: 1,
      display_title: 'break it',
    });
    const jobs = await alice.actions.listJobsForWorkflowRun({ ...repo, run_id: run.id });
    const job = jobs.data.jobs[0]!;
    expect(job).toMatchObject({ name: 'test', conclusion: 'failure', run_attempt: 1 });
    expect(job.steps?.map((step) => [step.name, step.conclusion])).toContainEqual([
      'Run sh check.sh',
      'failure',
    ]);

    const log = await alice.actions.downloadJobLogsForWorkflowRun({ ...repo, job_id: job.id });
    expect(log.data).toMatch(/^\d{4}-\d\d-\d\dT[\d:]+\.\d{7}Z 1 test failed$/m);
    expect(log.data).toContain('##[error]Process completed with exit code 3.');
    const notes = await alice.checks.listAnnotations({ ...repo, check_run_id: job.id });
    expect(notes.data).toMatchObject([
      { annotation_level: 'failure', message: 'Process completed with exit code 3.' },
    ]);

    const green = await work.commit('fix it', { 'check.sh': 'echo fine\n' });
    await work.push(bench.remote('alice/demo'), 'main');
    await bench.github.idle();
    const fixed = await alice.actions.listWorkflowRunsForRepo({ ...repo, head_sha: green });
    expect(fixed.data.workflow_runs.map((each) => each.conclusion)).toEqual(['success']);
  });

  it('answers for its commit through runs, checks, suites and the combined status', async () => {
    const alice = bench.as('alice-token');
    const sha = await work.git('rev-parse', 'HEAD');
    const checks = await alice.checks.listForRef({ ...repo, ref: sha });
    expect(checks.data.check_runs).toMatchObject([
      { name: 'test', conclusion: 'success', app: { slug: 'github-actions' } },
    ]);
    const suites = await alice.checks.listSuitesForRef({ ...repo, ref: 'main' });
    expect(suites.data.check_suites).toMatchObject([
      { head_sha: sha, conclusion: 'success', latest_check_runs_count: 1 },
    ]);
    const combined = await alice.repos.getCombinedStatusForRef({ ...repo, ref: sha });
    expect(combined.data).toMatchObject({ state: 'pending', total_count: 0 });
    await alice.repos.createCommitStatus({ ...repo, sha, state: 'success', context: 'deploy' });
    expect((await alice.repos.getCombinedStatusForRef({ ...repo, ref: sha })).data.state).toBe('success');
  });

  it('answers an abbreviated sha with nothing and an empty one with everything', async () => {
    const alice = bench.as('alice-token');
    const sha = await work.git('rev-parse', 'HEAD');
    const short = await alice.actions.listWorkflowRunsForRepo({ ...repo, head_sha: sha.slice(0, 12) });
    expect(short.data.total_count).toBe(0);
    const empty = await alice.actions.listWorkflowRunsForRepo({ ...repo, head_sha: '' });
    expect(empty.data.total_count).toBe(2);
  });

  it('is re-run as a new attempt with new jobs, the old one staying where it was', async () => {
    const alice = bench.as('alice-token');
    const listed = await alice.actions.listWorkflowRunsForRepo({ ...repo, status: 'failure' });
    const run_id = listed.data.workflow_runs[0]!.id;
    const before = await alice.actions.listJobsForWorkflowRun({ ...repo, run_id });
    expect((await alice.actions.reRunWorkflowFailedJobs({ ...repo, run_id })).status).toBe(201);
    await bench.github.idle();

    expect((await alice.actions.getWorkflowRun({ ...repo, run_id })).data).toMatchObject({
      run_attempt: 2,
      conclusion: 'failure',
    });
    const after = await alice.actions.listJobsForWorkflowRun({ ...repo, run_id });
    expect(after.data.jobs[0]!.id).not.toBe(before.data.jobs[0]!.id);
    const all = await alice.actions.listJobsForWorkflowRun({ ...repo, run_id, filter: 'all' });
    expect(all.data.total_count).toBe(2);
    const first = await alice.actions.listJobsForWorkflowRunAttempt({ ...repo, run_id, attempt_number: 1 });
    expect(first.data.jobs.map((job) => job.id)).toEqual(before.data.jobs.map((job) => job.id));
  });

  it('keeps its logs as a zip too, until they expire', async () => {
    const alice = bench.as('alice-token');
    const run_id = bench.github.runs('alice/demo')[0]!.id;
    const zip = await alice.actions.downloadWorkflowRunLogs({ ...repo, run_id });
    expect(Buffer.from(zip.data as ArrayBuffer).toString('latin1')).toMatch(/^PK\x03\x04[\s\S]*0_test\.txt/);
    bench.github.expireLogs('alice/demo', run_id);
    const job_id = bench.github.runs('alice/demo')[0]!.attempts.at(-1)!.jobs[0]!.id;
    await expect(alice.actions.downloadJobLogsForWorkflowRun({ ...repo, job_id })).rejects.toMatchObject({
      status: 410,
    });
  });

  it('never fell out of the shape GitHub describes', () => {
    expect(bench.github.invalidBodies).toEqual([]);
  });
});
