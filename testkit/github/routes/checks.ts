import { resolveCommit } from '../git/git.ts';
import { cut, pageOf, pageUnder } from '../http/paging.ts';
import { created, found, invalid, notFound, problem } from '../http/reply.ts';
import { type Call, type Route, repoRoute } from '../http/route.ts';
import type { CommitStatus, ExternalCheck, Repo } from '../model.ts';
import { type Check, showAnnotation, showCheck, showSuite } from '../show/check.ts';
import { checksOf, combined, latestStatuses, suitesOf } from '../show/checks-of.ts';
import { showStatus } from '../show/commit.ts';
import { minimalRepo } from '../show/repo.ts';
import { actionsApp, fullName } from '../state.ts';
import { isRecord, numberParam, text } from './fields.ts';
import { findJob } from './find-runs.ts';

export const checkRoutes: readonly Route[] = [
  repoRoute('GET', '/commits/{ref}/check-runs', 'read', async (repo, call) => {
    const sha = await resolveCommit(call.world.git, repo.gitDir, call.params['ref'] ?? '');
    if (sha === undefined) return problem(422, `No commit found for SHA: ${call.params['ref'] ?? ''}`);
    const checks = checksOf(repo, sha, call.query.get('filter') === 'all');
    return showChecks(repo, call, checks);
  }),
  repoRoute('GET', '/commits/{ref}/check-suites', 'read', async (repo, call) => {
    const sha = await resolveCommit(call.world.git, repo.gitDir, call.params['ref'] ?? '');
    if (sha === undefined) return problem(422, `No commit found for SHA: ${call.params['ref'] ?? ''}`);
    const app = call.query.get('app_id');
    const rows = suitesOf(repo, sha).filter((suite) => app === null || String(suite.app.id) === app);
    const page = cut(call, rows);
    const suites = await Promise.all(page.rows.map((suite) => showSuite(call.world, repo, suite)));
    return found({ total_count: rows.length, check_suites: suites }, page.headers);
  }),
  repoRoute('GET', '/check-suites/{check_suite_id}', 'read', async (repo, call) => {
    const suite = suitesOf(repo).find(({ id }) => id === numberParam(call, 'check_suite_id'));
    return suite === undefined ? notFound() : found(await showSuite(call.world, repo, suite));
  }),
  repoRoute('GET', '/check-suites/{check_suite_id}/check-runs', 'read', (repo, call) => {
    const id = numberParam(call, 'check_suite_id');
    const all = checksOf(repo, undefined, call.query.get('filter') === 'all');
    return showChecks(
      repo,
      call,
      all.filter((check) => suiteId(check) === id),
    );
  }),
  repoRoute('GET', '/check-runs/{check_run_id}', 'read', (repo, call) => {
    const check = checkInPath(repo, call);
    return check === undefined ? notFound() : found(showCheck(call.world.site, repo, check));
  }),
  repoRoute('GET', '/check-runs/{check_run_id}/annotations', 'read', (repo, call) => {
    const check = checkInPath(repo, call);
    if (check === undefined) return notFound();
    const [notes, sha] =
      check.kind === 'job'
        ? [check.job.annotations, check.run.plan.headSha]
        : [check.check.annotations, check.check.headSha];
    return pageOf(call, notes, (note) => showAnnotation(call.world.site, repo, sha, note));
  }),
  repoRoute('POST', '/check-runs', 'write', (repo, call) => {
    const name = text(call, 'name');
    const headSha = text(call, 'head_sha');
    if (name === undefined) return invalid('CheckRun', 'name', 'missing_field');
    if (headSha === undefined) return invalid('CheckRun', 'head_sha', 'missing_field');
    const app = { id: 90_001, slug: 'stand-in-ci', name: 'Stand-in CI' };
    const { state } = call.world;
    const suite = repo.checks.find((each) => each.headSha === headSha)?.suiteId ?? state.nextId();
    const check: ExternalCheck = {
      id: state.nextId(),
      suiteId: suite,
      app,
      name,
      headSha,
      status: 'queued',
      conclusion: null,
      startedAt: new Date(),
      completedAt: null,
      detailsUrl: text(call, 'details_url') ?? null,
      title: null,
      summary: null,
      annotations: [],
    };
    change(check, call);
    repo.checks.push(check);
    return created(showCheck(call.world.site, repo, { kind: 'external', check }));
  }),
  repoRoute('PATCH', '/check-runs/{check_run_id}', 'write', (repo, call) => {
    const check = repo.checks.find((each) => each.id === numberParam(call, 'check_run_id'));
    if (check === undefined) return notFound();
    change(check, call);
    return found(showCheck(call.world.site, repo, { kind: 'external', check }));
  }),
  repoRoute('GET', '/commits/{ref}/status', 'read', async (repo, call) => {
    const sha = await resolveCommit(call.world.git, repo.gitDir, call.params['ref'] ?? '');
    if (sha === undefined) return notFound();
    const statuses = latestStatuses(repo, sha);
    const url = `${call.world.site.api}/repos/${fullName(repo)}/commits/${sha}`;
    const page = cut(call, statuses);
    const shown = page.rows.map((status) => ({
      ...showStatus(call.world.site, repo, status),
      creator: undefined,
    }));
    return found(
      {
        state: combined(statuses),
        statuses: shown,
        sha,
        total_count: statuses.length,
        repository: minimalRepo(call.world.site, repo),
        commit_url: url,
        url: `${url}/status`,
      },
      page.headers,
    );
  }),
  repoRoute('GET', '/commits/{ref}/statuses', 'read', async (repo, call) => {
    const sha = await resolveCommit(call.world.git, repo.gitDir, call.params['ref'] ?? '');
    if (sha === undefined) return notFound();
    const rows = repo.statuses.filter((status) => status.sha === sha).reverse();
    return pageOf(call, rows, (status) => showStatus(call.world.site, repo, status));
  }),
  repoRoute('POST', '/statuses/{sha}', 'write', async (repo, call) => {
    const sha = call.params['sha'] ?? '';
    const known = /^[0-9a-f]{40}$/.test(sha) ? await call.world.commits.read(repo.gitDir, sha) : undefined;
    if (known === undefined) return problem(422, `No commit found for SHA: ${sha}`);
    const state = (['error', 'failure', 'pending', 'success'] as const).find(
      (each) => each === text(call, 'state'),
    );
    if (state === undefined) return invalid('Status', 'state', 'custom', 'state is not included in the list');
    const status: CommitStatus = {
      id: call.world.state.nextId(),
      sha,
      state,
      context: text(call, 'context') ?? 'default',
      description: text(call, 'description') ?? null,
      targetUrl: text(call, 'target_url') ?? null,
      creator: call.viewer!,
      createdAt: new Date(),
    };
    repo.statuses.push(status);
    return created(showStatus(call.world.site, repo, status));
  }),
];

function showChecks(repo: Repo, call: Call, checks: readonly Check[]) {
  const name = call.query.get('check_name');
  const status = call.query.get('status');
  const app = call.query.get('app_id');
  const rows = checks.filter((check) => {
    const facts = check.kind === 'job' ? check.job : check.check;
    const appId = check.kind === 'job' ? actionsApp.id : check.check.app.id;
    if (name !== null && facts.name !== name) return false;
    if (status !== null && facts.status !== status) return false;
    return app === null || String(appId) === app;
  });
  return pageUnder(call, 'check_runs', rows, (check) => showCheck(call.world.site, repo, check));
}

function checkInPath(repo: Repo, call: Call): Check | undefined {
  const id = numberParam(call, 'check_run_id');
  const job = findJob(repo, id);
  if (job !== undefined) return { kind: 'job', ...job };
  const check = repo.checks.find((each) => each.id === id);
  return check === undefined ? undefined : { kind: 'external', check };
}

function suiteId(check: Check): number {
  return check.kind === 'job' ? check.run.suiteId : check.check.suiteId;
}

const conclusions = [
  'success',
  'failure',
  'neutral',
  'cancelled',
  'skipped',
  'timed_out',
  'action_required',
] as const;

function change(check: ExternalCheck, call: Call): void {
  const status = (['queued', 'in_progress', 'completed'] as const).find(
    (each) => each === text(call, 'status'),
  );
  check.status = status ?? check.status;
  const conclusion = conclusions.find((each) => each === text(call, 'conclusion'));
  if (conclusion !== undefined) {
    check.conclusion = conclusion;
    check.status = 'completed';
    check.completedAt = new Date();
  }
  const output = call.body['output'];
  if (!isRecord(output)) return;
  if (typeof output['title'] === 'string') check.title = output['title'];
  if (typeof output['summary'] === 'string') check.summary = output['summary'];
  const notes: unknown = output['annotations'];
  if (!Array.isArray(notes)) return;
  for (const note of notes) {
    if (!isRecord(note)) continue;
    const level = (['notice', 'warning', 'failure'] as const).find(
      (each) => each === note['annotation_level'],
    );
    check.annotations.push({
      level: level ?? 'notice',
      message: typeof note['message'] === 'string' ? note['message'] : '',
      title: typeof note['title'] === 'string' ? note['title'] : null,
      path: typeof note['path'] === 'string' ? note['path'] : '.github',
      startLine: Number(note['start_line']) || 1,
      endLine: Number(note['end_line']) || 1,
    });
  }
}
