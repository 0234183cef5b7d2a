import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Run } from './model.ts';
import { type Checkout, openWorkBench, type WorkBench, workflow } from './work-bench.ts';

const repo = { owner: 'alice', repo: 'demo' };

describe("runs that get in each other's way", () => {
  let bench: WorkBench;
  let work: Checkout;
  beforeEach(async () => {
    bench = await openWorkBench();
    await bench.github.addRepo({ owner: 'alice', name: 'demo' });
    work = await bench.checkout('work');
  });
  afterEach(async () => {
    expect(bench.github.invalidBodies).toEqual([]);
    await bench[Symbol.asyncDispose]();
  });

  const push = async (message: string, files: Record<string, string> = {}): Promise<string> => {
    const sha = await work.commit(message, files);
    expect((await work.push(bench.remote('alice/demo'), 'main')).ok).toBe(true);
    return sha;
  };
  const conclusions = (): unknown[] =>
    bench.github.runs('alice/demo').map((run) => run.attempts.at(-1)!.conclusion);
  /** Waits until the newest run is in this state; it never takes longer than one push. */
  const reaches = async (index: number, status: string): Promise<Run> => {
    await expect
      .poll(() => bench.github.runs('alice/demo')[index]?.attempts.at(-1)?.status, {
        interval: 5,
        timeout: 20_000,
      })
      .toBe(status);
    return bench.github.runs('alice/demo')[index]!;
  };
  const waitsForStop = 'sleep 600';

  it('the newer one cancels the one that runs, where the group asks for it', async () => {
    const group = 'concurrency: { group: ci, cancel-in-progress: true }';
    await push('slow', workflow(waitsForStop, group));
    await reaches(0, 'in_progress');
    await push('quick', workflow('true', group));
    await bench.github.idle();
    expect(conclusions()).toEqual(['cancelled', 'success']);
  });

  it('the newest takes the waiting place, where the group does not', async () => {
    const group = 'concurrency: ci';
    await push('slow', workflow(waitsForStop, group));
    const slow = await reaches(0, 'in_progress');
    await push('second', workflow('true', group));
    await reaches(1, 'pending');
    await push('third', workflow('true', group));
    await reaches(1, 'completed');
    await reaches(2, 'pending');
    await bench.as('alice-token').actions.cancelWorkflowRun({ ...repo, run_id: slow.id });
    await bench.github.idle();
    expect(conclusions()).toEqual(['cancelled', 'cancelled', 'success']);
  });

  it('a broken workflow file is a startup failure without jobs', async () => {
    const head_sha = await push('broken', { '.github/workflows/ci.yml': 'on: push\njobs: [' });
    await bench.github.idle();
    const runs = await bench.as('alice-token').actions.listWorkflowRunsForRepo({ ...repo, head_sha });
    expect(runs.data.workflow_runs).toMatchObject([
      { name: '.github/workflows/ci.yml', path: '.github/workflows/ci.yml', conclusion: 'startup_failure' },
    ]);
    const jobs = await bench
      .as('alice-token')
      .actions.listJobsForWorkflowRun({ ...repo, run_id: runs.data.workflow_runs[0]!.id });
    expect(jobs.data.total_count).toBe(0);
  });

  it('a script decides some jobs, the others really run, and dependants of a failed one do not', async () => {
    const file = [
      'name: CI',
      'on: push',
      'jobs:',
      '  unit: { runs-on: ubuntu-latest, steps: [{ run: "exit 1" }] }',
      '  lint: { runs-on: ubuntu-latest, steps: [{ run: "true" }] }',
      '  ship: { needs: unit, runs-on: ubuntu-latest, steps: [{ run: "true" }] }',
    ];
    bench.github.script(({ job, attempt }) => {
      if (job !== 'unit') return undefined;
      return attempt === 1 ? { conclusion: 'failure', log: ['##[error]flaky'] } : 'success';
    });
    await push('scripted', { '.github/workflows/ci.yml': `${file.join('\n')}\n` });
    await bench.github.idle();
    const alice = bench.as('alice-token');
    const run = bench.github.runs('alice/demo')[0]!;
    const ends = (): unknown =>
      Object.fromEntries(run.attempts.at(-1)!.jobs.map((job) => [job.key, job.conclusion]));
    expect(ends()).toEqual({ unit: 'failure', lint: 'success', ship: 'skipped' });
    const [unit] = run.attempts[0]!.jobs;
    const log = await alice.actions.downloadJobLogsForWorkflowRun({ ...repo, job_id: unit!.id });
    expect(log.data).toMatch(/Z ##\[error\]flaky$/m);

    await alice.actions.reRunWorkflowFailedJobs({ ...repo, run_id: run.id });
    await bench.github.idle();
    expect(ends()).toEqual({ unit: 'success', lint: 'success', ship: 'success' });
    expect(run.attempts.map((attempt) => attempt.conclusion)).toEqual(['failure', 'success']);
    const second = await alice.actions.listJobsForWorkflowRunAttempt({
      ...repo,
      run_id: run.id,
      attempt_number: 2,
    });
    expect(second.data.jobs.map((job) => job.run_attempt)).toEqual([2, 2, 2]);
  });

  it('a disabled workflow does not start, and a dispatched one does', async () => {
    const alice = bench.as('alice-token');
    const dispatchable = workflow('true')['.github/workflows/ci.yml']!.replace(
      'on: push',
      'on: [push, workflow_dispatch]',
    );
    await push('first', { '.github/workflows/ci.yml': dispatchable });
    await bench.github.idle();
    const listed = await alice.actions.listRepoWorkflows(repo);
    expect(listed.data.workflows).toMatchObject([
      { name: 'CI', path: '.github/workflows/ci.yml', state: 'active' },
    ]);
    const workflow_id = listed.data.workflows[0]!.id;

    await alice.actions.disableWorkflow({ ...repo, workflow_id });
    expect((await alice.actions.getWorkflow({ ...repo, workflow_id: 'ci.yml' })).data.state).toBe(
      'disabled_manually',
    );
    await push('second');
    await bench.github.idle();
    expect(conclusions()).toEqual(['success']);

    await alice.actions.enableWorkflow({ ...repo, workflow_id });
    await alice.actions.createWorkflowDispatch({ ...repo, workflow_id, ref: 'main' });
    await bench.github.idle();
    const runs = await alice.actions.listWorkflowRuns({ ...repo, workflow_id, event: 'workflow_dispatch' });
    expect(runs.data.workflow_runs).toMatchObject([{ conclusion: 'success', head_branch: 'main' }]);
  });

  it('closing the stand-in ends what still runs', async () => {
    await push('slow', workflow(waitsForStop));
    const run = await reaches(0, 'in_progress');
    await push('waits', workflow(waitsForStop, 'concurrency: x'));
    await bench.github.close();
    expect(run.attempts[0]!.conclusion).toBe('cancelled');
    expect(conclusions()).toEqual(['cancelled', 'cancelled']);
  });

  it('no more jobs run at a time than allowed', async () => {
    await bench[Symbol.asyncDispose]();
    bench = await openWorkBench({ maxParallelJobs: 1 });
    await bench.github.addRepo({ owner: 'alice', name: 'demo' });
    work = await bench.checkout('work');
    await push('one', workflow(waitsForStop));
    const first = await reaches(0, 'in_progress');
    await push('two', workflow('true'));
    const second = await reaches(1, 'queued');
    await bench.as('alice-token').actions.cancelWorkflowRun({ ...repo, run_id: first.id });
    await bench.github.idle();
    expect(second.attempts[0]!.startedAt.getTime()).toBeGreaterThanOrEqual(
      first.attempts[0]!.updatedAt.getTime(),
    );
    expect(conclusions()).toEqual(['cancelled', 'success']);
  });
});
