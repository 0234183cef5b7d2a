import type { Attempt, Job, Repo, Run, Workflow } from '../model.ts';
import { newest } from '../runs/schedule.ts';
import { fullName, iso, isoOrNull } from '../state.ts';
import type { World } from '../world.ts';
import { simpleCommit } from './commit.ts';
import { minimalRepo } from './repo.ts';
import { nodeId, type Site } from './site.ts';
import { simpleUser } from './user.ts';

/** A workflow run, as of one attempt (the newest when none is given). */
export async function showRun(
  world: Pick<World, 'site' | 'commits'>,
  run: Run,
  attempt: Attempt = newest(run),
): Promise<Record<string, unknown>> {
  const { site } = world;
  const { repo } = run;
  const api = `${site.api}/repos/${fullName(repo)}`;
  const url = `${api}/actions/runs/${String(run.id)}`;
  const commit = await world.commits.read(repo.gitDir, run.plan.headSha);
  const repository = minimalRepo(site, repo);
  return {
    id: run.id,
    name: run.plan.workflowName,
    node_id: nodeId('WorkflowRun', run.id),
    head_branch: run.plan.headBranch,
    head_sha: run.plan.headSha,
    path: run.plan.workflowPath,
    display_title: commit?.message.split('\n')[0] ?? run.plan.workflowName,
    run_number: run.number,
    event: run.plan.event,
    status: attempt.status,
    conclusion: attempt.conclusion,
    workflow_id: run.workflow.id,
    check_suite_id: run.suiteId,
    check_suite_node_id: nodeId('CheckSuite', run.suiteId),
    url,
    html_url: `${site.url}/${fullName(repo)}/actions/runs/${String(run.id)}`,
    pull_requests: run.pullNumber === null ? [] : pullsOf(site, run),
    created_at: iso(run.createdAt),
    updated_at: iso(attempt.updatedAt),
    actor: simpleUser(site, run.actor),
    run_attempt: attempt.number,
    referenced_workflows: [],
    run_started_at: iso(attempt.startedAt),
    triggering_actor: simpleUser(site, attempt.startedBy),
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${api}/check-suites/${String(run.suiteId)}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: attempt.number > 1 ? `${url}/attempts/${String(attempt.number - 1)}` : null,
    workflow_url: `${api}/actions/workflows/${String(run.workflow.id)}`,
    head_commit: commit === undefined ? null : simpleCommit(commit),
    repository,
    head_repository: repository,
  };
}

export function showJob(site: Site, run: Run, attempt: Attempt, job: Job): Record<string, unknown> {
  const api = `${site.api}/repos/${fullName(run.repo)}`;
  const page = `${site.url}/${fullName(run.repo)}/actions/runs/${String(run.id)}`;
  return {
    id: job.id,
    run_id: run.id,
    workflow_name: run.plan.workflowName,
    head_branch: run.plan.headBranch,
    run_url: `${api}/actions/runs/${String(run.id)}`,
    run_attempt: attempt.number,
    node_id: nodeId('CheckRun', job.id),
    head_sha: run.plan.headSha,
    url: `${api}/actions/jobs/${String(job.id)}`,
    html_url: `${page}/job/${String(job.id)}`,
    status: job.status,
    conclusion: checkConclusion(job.conclusion),
    created_at: iso(job.createdAt),
    started_at: iso(job.startedAt),
    completed_at: isoOrNull(job.completedAt),
    name: job.name,
    steps: job.steps.map((step) => ({
      name: step.name,
      status: step.status,
      conclusion: step.conclusion,
      number: step.number,
      started_at: isoOrNull(step.startedAt ?? null),
      completed_at: isoOrNull(step.completedAt ?? null),
    })),
    check_run_url: `${api}/check-runs/${String(job.id)}`,
    labels: [...job.labels],
    runner_id: job.runnerName === null ? 0 : 1,
    runner_name: job.runnerName ?? '',
    runner_group_id: 0,
    runner_group_name: job.runnerName === null ? '' : 'GitHub Actions',
  };
}

export function showWorkflow(site: Site, repo: Repo, workflow: Workflow): Record<string, unknown> {
  const api = `${site.api}/repos/${fullName(repo)}/actions/workflows/${String(workflow.id)}`;
  const page = `${site.url}/${fullName(repo)}`;
  return {
    id: workflow.id,
    node_id: nodeId('Workflow', workflow.id),
    name: workflow.name,
    path: workflow.path,
    state: workflow.state,
    created_at: iso(workflow.createdAt),
    updated_at: iso(workflow.createdAt),
    url: api,
    html_url: `${page}/blob/${repo.defaultBranch}/${workflow.path}`,
    badge_url: `${page}/workflows/${encodeURIComponent(workflow.name)}/badge.svg`,
  };
}

/** Jobs and check runs know no startup_failure. */
export function checkConclusion(conclusion: Job['conclusion']): Job['conclusion'] {
  return conclusion === 'startup_failure' ? 'failure' : conclusion;
}

function pullsOf(site: Site, run: Run): unknown[] {
  const issue = run.repo.issues.get(run.pullNumber ?? 0);
  if (issue?.pull == null) return [];
  const url = `${site.api}/repos/${fullName(run.repo)}`;
  const repo = { id: run.repo.id, url, name: run.repo.name };
  return [
    {
      id: issue.id,
      number: issue.number,
      url: `${url}/pulls/${String(issue.number)}`,
      head: { ref: issue.pull.head, sha: issue.pull.headSha, repo },
      base: { ref: issue.pull.base, sha: issue.pull.baseSha, repo },
    },
  ];
}
