import type { Annotation } from '../../actions/types.ts';
import type { Attempt, ExternalCheck, Job, Repo, Run } from '../model.ts';
import { actionsApp, fullName, iso, isoOrNull } from '../state.ts';
import type { World } from '../world.ts';
import { simpleCommit } from './commit.ts';
import { minimalRepo } from './repo.ts';
import { checkConclusion } from './run.ts';
import { nodeId, type Site } from './site.ts';
import { showApp } from './user.ts';

/** One check: a job of Actions, or what an outside system reported. */
export type Check =
  | { readonly kind: 'job'; readonly run: Run; readonly attempt: Attempt; readonly job: Job }
  | { readonly kind: 'external'; readonly check: ExternalCheck };

export function showCheck(site: Site, repo: Repo, check: Check): Record<string, unknown> {
  const api = `${site.api}/repos/${fullName(repo)}`;
  const facts = check.kind === 'job' ? ofJob(site, repo, check) : ofExternal(check.check);
  return {
    ...facts,
    node_id: nodeId('CheckRun', facts.id),
    url: `${api}/check-runs/${String(facts.id)}`,
    html_url: facts.html_url ?? `${site.url}/${fullName(repo)}/runs/${String(facts.id)}`,
    check_suite: { id: facts.check_suite.id },
    app: showApp(site, facts.app),
    output: {
      ...facts.output,
      annotations_url: `${api}/check-runs/${String(facts.id)}/annotations`,
    },
    pull_requests: [],
  };
}

export function showAnnotation(
  site: Site,
  repo: Repo,
  sha: string,
  note: Annotation,
): Record<string, unknown> {
  return {
    path: note.path,
    blob_href: `${site.url}/${fullName(repo)}/blob/${sha}/${note.path}`,
    start_line: note.startLine,
    start_column: null,
    end_line: note.endLine,
    end_column: null,
    annotation_level: note.level,
    title: note.title ?? '',
    message: note.message,
    raw_details: '',
  };
}

/** A suite: the jobs of one run, or what one app reported about one commit. */
export interface Suite {
  readonly id: number;
  readonly headSha: string;
  readonly headBranch: string | null;
  readonly status: string;
  readonly conclusion: string | null;
  readonly app: ExternalCheck['app'];
  readonly checks: number;
  readonly at: Date;
  readonly before: string | null;
}

export function suiteOfRun(run: Run, attempt: Attempt): Suite {
  return {
    id: run.suiteId,
    headSha: run.plan.headSha,
    headBranch: run.plan.headBranch,
    status: attempt.status,
    conclusion: attempt.conclusion,
    app: actionsApp,
    checks: attempt.jobs.length,
    at: run.createdAt,
    before: run.push.before,
  };
}

export function suitesOfChecks(checks: readonly ExternalCheck[]): Suite[] {
  const bySuite = Map.groupBy(checks, (check) => check.suiteId);
  return [...bySuite.entries()].map(([id, members]) => {
    const done = members.every((check) => check.status === 'completed');
    const worst = members.find((check) => check.conclusion === 'failure') ?? members[0]!;
    return {
      id,
      headSha: worst.headSha,
      headBranch: null,
      status: done ? 'completed' : 'in_progress',
      conclusion: done ? worst.conclusion : null,
      app: worst.app,
      checks: members.length,
      at: worst.startedAt,
      before: null,
    };
  });
}

export async function showSuite(
  world: Pick<World, 'site' | 'commits'>,
  repo: Repo,
  suite: Suite,
): Promise<Record<string, unknown>> {
  const { site } = world;
  const url = `${site.api}/repos/${fullName(repo)}/check-suites/${String(suite.id)}`;
  const commit = await world.commits.read(repo.gitDir, suite.headSha);
  return {
    id: suite.id,
    node_id: nodeId('CheckSuite', suite.id),
    head_branch: suite.headBranch,
    head_sha: suite.headSha,
    status: suite.status,
    conclusion: suite.conclusion,
    url,
    before: suite.before,
    after: suite.headSha,
    pull_requests: [],
    app: showApp(site, suite.app),
    repository: minimalRepo(site, repo),
    created_at: iso(suite.at),
    updated_at: iso(suite.at),
    head_commit: commit === undefined ? null : simpleCommit(commit),
    latest_check_runs_count: suite.checks,
    check_runs_url: `${url}/check-runs`,
    rerequestable: true,
    runs_rerequestable: true,
  };
}

function ofJob(site: Site, repo: Repo, { run, attempt, job }: Extract<Check, { kind: 'job' }>) {
  const page = `${site.url}/${fullName(repo)}/actions/runs/${String(run.id)}/job/${String(job.id)}`;
  return {
    id: job.id,
    name: job.name,
    head_sha: run.plan.headSha,
    external_id: `${String(run.id)}-${String(attempt.number)}-${job.key}`,
    html_url: page,
    details_url: page,
    status: job.status,
    conclusion: checkConclusion(job.conclusion),
    started_at: iso(job.startedAt),
    completed_at: isoOrNull(job.completedAt),
    app: actionsApp,
    check_suite: { id: run.suiteId },
    output: { title: null, summary: null, text: null, annotations_count: job.annotations.length },
  };
}

function ofExternal(check: ExternalCheck) {
  return {
    id: check.id,
    name: check.name,
    head_sha: check.headSha,
    external_id: '',
    html_url: undefined,
    details_url: check.detailsUrl,
    status: check.status,
    conclusion: check.conclusion,
    started_at: iso(check.startedAt),
    completed_at: isoOrNull(check.completedAt),
    app: check.app,
    check_suite: { id: check.suiteId },
    output: {
      title: check.title,
      summary: check.summary,
      text: null,
      annotations_count: check.annotations.length,
    },
  };
}
