import type { CiJob, CiRun } from '../../domain/ci.ts';
import type { Sha } from '../../domain/repo.ts';
import { failed, ok, type Result } from '../../domain/result.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Forge, ForgeFailure, Slug } from '../../ports/forge.ts';
import { readApiUrl } from './api-url.ts';
import { pushedRepos } from './changes-pushed.ts';
import { createRepository, findRepository } from './create-repository.ts';
import { externalChecks } from './external-checks.ts';
import { type GithubClient, githubClient, type Question } from './github-client.ts';
import { issuesOfGithub } from './issues.ts';
import { asRow, asText, readJobs, readRuns, rowsOf } from './read-rows.ts';
import { slugOf } from './slug-of.ts';

export interface GithubForgeOptions {
  readonly apiUrl: string;
  /** Goes into the header of requests to `apiUrl`, and nowhere else. */
  readonly token: string;
  readonly clock: Clock;
  /** `clone/1.2.3`. */
  readonly userAgent: string;
  readonly timeoutMs?: number | undefined;
  /** Share of the hourly budget that polling leaves to the human. */
  readonly reserve?: number | undefined;
}

/** GitHub, or whatever speaks like it at `apiUrl`. Refused when the token would travel in the open. */
export function githubForge(options: GithubForgeOptions): Result<Forge, string> {
  const api = readApiUrl(options.apiUrl);
  if (!api.ok) return api;
  const { timeoutMs = 10_000, reserve = 0.4 } = options;
  const client = githubClient({ ...options, baseUrl: api.value.base, timeoutMs, reserve });
  return ok({
    slugOf: (remoteUrl) => slugOf(remoteUrl, api.value),
    runsOf: (slug, sha, { searchHarder }) => runsOf(client, slug, sha, searchHarder),
    runsOn: (slug, branch) => runsOn(client, slug, branch),
    jobsOf: (slug, runId) => jobsOf(client, slug, runId),
    log: (slug, jobId) =>
      client.stream('GET /repos/{owner}/{repo}/actions/jobs/{job_id}/logs', { ...at(slug), job_id: jobId }),
    rerunFailedJobs: (slug, runId) =>
      client.post('POST /repos/{owner}/{repo}/actions/runs/{run_id}/rerun-failed-jobs', {
        ...at(slug),
        run_id: runId,
      }),
    workflowStates: (slug) => workflowStates(client, slug),
    externalChecks: (slug, sha) =>
      fullSha.test(sha) ? externalChecks(client, { ...at(slug), ref: sha }) : Promise.resolve(notASha(sha)),
    repository: (slug) => findRepository(client, slug),
    createRepository: (wanted) => createRepository(client, wanted),
    pushed: pushedRepos(client),
    issues: issuesOfGithub(client),
    whoami: () => whoami(client),
    budget: () => client.budget(),
  });
}

const fullSha = /^[0-9a-f]{40}$/;

/** GitHub answers an abbreviated id with an empty list, and an empty one with every run there is. */
function notASha(sha: string): Result<never, ForgeFailure> {
  return failed({ kind: 'gone', message: `“${sha.slice(0, 60)}” is not a full commit id` });
}

function at(slug: Slug): { owner: string; repo: string } {
  const [owner = '', repo = ''] = slug.split('/');
  return { owner, repo };
}

const runsRoute = 'GET /repos/{owner}/{repo}/actions/runs';
const perPage = 100;

async function runsOf(
  client: GithubClient,
  slug: Slug,
  sha: Sha,
  searchHarder: boolean,
): Promise<Result<readonly CiRun[], ForgeFailure>> {
  if (!fullSha.test(sha)) return notASha(sha);
  const filtered = await allPages<CiRun>(client, {
    route: runsRoute,
    parameters: { ...at(slug), head_sha: sha, exclude_pull_requests: true },
    read: readRuns,
    polling: true,
  });
  if (!filtered.ok) return filtered;
  const ours = filtered.value.filter((run) => run.sha === sha);
  if (ours.length > 0 || !searchHarder) return ok(ours);

  const newest = await client.get({
    route: runsRoute,
    parameters: { ...at(slug), exclude_pull_requests: true, per_page: perPage },
    read: (data) => readRuns(data).filter((run) => run.sha === sha),
    conditional: false,
    polling: true,
  });
  if (!newest.ok || newest.value.length > 0) return newest;
  return runsOfSuites(client, slug, sha);
}

/** GitHub ignores a filter that is empty, so each row is looked at again. */
function runsOn(
  client: GithubClient,
  slug: Slug,
  branch: string,
): Promise<Result<readonly CiRun[], ForgeFailure>> {
  return client.get({
    route: runsRoute,
    parameters: { ...at(slug), branch, event: 'push', exclude_pull_requests: true, per_page: 30 },
    read: (data) => readRuns(data).filter((run) => run.branch === branch && run.event === 'push'),
    polling: true,
  });
}

/** The filtered list is known to lose runs that the commit's check suites still lead to. */
async function runsOfSuites(
  client: GithubClient,
  slug: Slug,
  sha: Sha,
): Promise<Result<readonly CiRun[], ForgeFailure>> {
  const suites = await client.get({
    route: 'GET /repos/{owner}/{repo}/commits/{ref}/check-suites',
    parameters: { ...at(slug), ref: sha, per_page: perPage },
    read: (data) =>
      rowsOf(data, 'check_suites')
        .filter((suite) => asRow(suite['app'])?.['slug'] === 'github-actions')
        .flatMap((suite) => (typeof suite['id'] === 'number' ? [suite['id']] : [])),
    polling: true,
  });
  // Many tokens may not read suites: then there is nothing more to find.
  if (!suites.ok) return suites.failure.kind === 'later' ? suites : ok([]);
  const found: CiRun[] = [];
  for (const suite of suites.value.slice(0, 5)) {
    const runs = await client.get({
      route: runsRoute,
      parameters: { ...at(slug), check_suite_id: suite, exclude_pull_requests: true, per_page: perPage },
      read: (data) => readRuns(data).filter((run) => run.sha === sha),
      polling: true,
    });
    if (!runs.ok) return runs;
    found.push(...runs.value);
  }
  return ok(found);
}

async function jobsOf(
  client: GithubClient,
  slug: Slug,
  runId: number,
): Promise<Result<readonly CiJob[], ForgeFailure>> {
  const jobs = await allPages<CiJob>(client, {
    route: 'GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs',
    parameters: { ...at(slug), run_id: runId, filter: 'latest' },
    read: readJobs,
  });
  return jobs.ok ? ok(jobs.value.filter((job) => job.runId === runId)) : jobs;
}

async function workflowStates(
  client: GithubClient,
  slug: Slug,
): Promise<Result<ReadonlyMap<string, string>, ForgeFailure>> {
  const workflows = await allPages<readonly [path: string, state: string]>(client, {
    route: 'GET /repos/{owner}/{repo}/actions/workflows',
    parameters: at(slug),
    read: (data) =>
      rowsOf(data, 'workflows').map((row) => [asText(row['path']), asText(row['state'])] as const),
  });
  return workflows.ok ? ok(new Map(workflows.value)) : workflows;
}

/** GitHub gives at most 1,000 rows of a filtered list. */
async function allPages<T>(
  client: GithubClient,
  question: Question<readonly T[]>,
): Promise<Result<readonly T[], ForgeFailure>> {
  const all: T[] = [];
  for (let page = 1; page <= 10; page += 1) {
    const rows = await client.get({
      ...question,
      parameters: { ...question.parameters, per_page: perPage, page },
      read: (data, headers) => ({ rows: question.read(data, headers), more: hasNext(headers['link']) }),
    });
    if (!rows.ok) return rows;
    all.push(...rows.value.rows);
    if (!rows.value.more) break;
  }
  return ok(all);
}

function hasNext(link: string | number | undefined): boolean {
  return /rel="next"/.test(String(link ?? ''));
}

async function whoami(
  client: GithubClient,
): Promise<Result<{ login: string; id: number; scopes: readonly string[] | undefined }, ForgeFailure>> {
  const user = await client.get({
    route: 'GET /user',
    parameters: {},
    read: (data, headers) => {
      const row = asRow(data);
      const scopes = headers['x-oauth-scopes'];
      return {
        login: asText(row?.['login']),
        id: typeof row?.['id'] === 'number' ? row['id'] : 0,
        scopes:
          scopes === undefined
            ? undefined
            : String(scopes)
                .split(/[\s,]+/)
                .filter(Boolean),
      };
    },
  });
  if (user.ok && user.value.id === 0)
    return failed({ kind: 'unavailable', message: 'the answer names no user' });
  return user;
}
