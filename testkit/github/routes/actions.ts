import { pageOfAsync, pageUnder } from '../http/paging.ts';
import { found, noContent, notFound, problem, type Reply } from '../http/reply.ts';
import { type Call, type Route, repoRoute } from '../http/route.ts';
import type { Attempt, Job, Repo, Run } from '../model.ts';
import { failedAndDependents, newAttempt } from '../runs/attempts.ts';
import { newest } from '../runs/schedule.ts';
import { showJob, showRun } from '../show/run.ts';
import { flag, numberParam } from './fields.ts';
import { findJob, listRuns, runInPath } from './find-runs.ts';

export const actionRoutes: readonly Route[] = [
  repoRoute(
    'GET',
    '/actions/runs',
    'read',
    async (repo, call) => await showRuns(call, listRuns(repo, call.query)),
  ),
  repoRoute('GET', '/actions/runs/{run_id}', 'read', async (repo, call) => {
    const run = runInPath(repo, call);
    return run === undefined ? notFound() : found(await showRun(call.world, run));
  }),
  repoRoute('DELETE', '/actions/runs/{run_id}', 'write', (repo, call) => {
    const run = runInPath(repo, call);
    if (run === undefined) return notFound();
    if (newest(run).status !== 'completed')
      return problem(403, 'Cannot delete a workflow run that is in progress.');
    repo.runs.splice(repo.runs.indexOf(run), 1);
    return noContent();
  }),
  repoRoute('GET', '/actions/runs/{run_id}/attempts/{attempt_number}', 'read', async (repo, call) => {
    const run = runInPath(repo, call);
    const attempt = run && attemptInPath(run, call);
    return attempt === undefined || run === undefined
      ? notFound()
      : found(await showRun(call.world, run, attempt));
  }),
  repoRoute('GET', '/actions/runs/{run_id}/jobs', 'read', (repo, call) => {
    const run = runInPath(repo, call);
    if (run === undefined) return notFound();
    const attempts = call.query.get('filter') === 'all' ? [...run.attempts].reverse() : [newest(run)];
    const rows = attempts.flatMap((attempt) => attempt.jobs.map((job) => ({ attempt, job })));
    return pageUnder(call, 'jobs', rows, ({ attempt, job }) => showJob(call.world.site, run, attempt, job));
  }),
  repoRoute('GET', '/actions/runs/{run_id}/attempts/{attempt_number}/jobs', 'read', (repo, call) => {
    const run = runInPath(repo, call);
    const attempt = run && attemptInPath(run, call);
    if (attempt === undefined || run === undefined) return notFound();
    return pageUnder(call, 'jobs', attempt.jobs, (job) => showJob(call.world.site, run, attempt, job));
  }),
  repoRoute('GET', '/actions/jobs/{job_id}', 'read', (repo, call) => {
    const hit = findJob(repo, numberParam(call, 'job_id'));
    return hit === undefined ? notFound() : found(showJob(call.world.site, hit.run, hit.attempt, hit.job));
  }),
  repoRoute('GET', '/actions/runs/{run_id}/artifacts', 'read', (repo, call) => {
    return runInPath(repo, call) === undefined
      ? notFound()
      : pageUnder(call, 'artifacts', [], (none) => none);
  }),
  repoRoute('POST', '/actions/runs/{run_id}/rerun', 'write', (repo, call) => {
    const run = runInPath(repo, call);
    if (run === undefined) return notFound();
    return rerun(call, run, null);
  }),
  repoRoute('POST', '/actions/runs/{run_id}/rerun-failed-jobs', 'write', (repo, call) => {
    const run = runInPath(repo, call);
    if (run === undefined) return notFound();
    const failed = failedAndDependents(run);
    if (failed.size === 0 && newest(run).status === 'completed') {
      return problem(403, 'The workflow run cannot be retried: it has no failed jobs');
    }
    return rerun(call, run, failed);
  }),
  repoRoute('POST', '/actions/jobs/{job_id}/rerun', 'write', (repo, call) => {
    const hit = findJob(repo, numberParam(call, 'job_id'));
    if (hit === undefined) return notFound();
    return rerun(
      call,
      hit.run,
      failedAndDependents(hit.run, (job: Job) => job.key === hit.job.key),
    );
  }),
  repoRoute('POST', '/actions/runs/{run_id}/cancel', 'write', (repo, call) => cancel(repo, call)),
  repoRoute('POST', '/actions/runs/{run_id}/force-cancel', 'write', (repo, call) => cancel(repo, call)),
  repoRoute('GET', '/actions/permissions', 'admin', (repo) => {
    return found({ enabled: repo.actionsEnabled, allowed_actions: 'all', sha_pinning_required: false });
  }),
  repoRoute('PUT', '/actions/permissions', 'admin', (repo, call) => {
    repo.actionsEnabled = flag(call, 'enabled') ?? repo.actionsEnabled;
    return noContent();
  }),
];

/** One page of runs under `workflow_runs`. */
export async function showRuns(call: Call, runs: readonly Run[]): Promise<Reply> {
  const page = await pageOfAsync(call, runs, async (run) => await showRun(call.world, run));
  return { ...page, body: { total_count: runs.length, workflow_runs: page.body } };
}

function rerun(call: Call, run: Run, only: ReadonlySet<string> | null): Reply {
  const last = newest(run);
  if (last.status !== 'completed') {
    return problem(403, 'This workflow is already running');
  }
  if (run.plan.invalid !== undefined) {
    return problem(403, 'Unable to retry this workflow run because the workflow file is broken');
  }
  run.attempts.push(newAttempt(call.world.state, run, call.viewer ?? run.actor, only));
  call.world.runs.take(run);
  return { status: 201, body: {} };
}

function cancel(repo: Repo, call: Call): Reply {
  const run = runInPath(repo, call);
  if (run === undefined) return notFound();
  if (newest(run).status === 'completed')
    return problem(409, 'Cannot cancel a workflow run that is completed.');
  call.world.runs.cancel(run);
  return { status: 202, body: {} };
}

function attemptInPath(run: Run, call: Call): Attempt | undefined {
  const number = numberParam(call, 'attempt_number');
  return run.attempts.find((attempt) => attempt.number === number);
}
