import { parse } from 'yaml';
import { resolveCommit, zeroSha } from '../git/git.ts';
import { pageUnder } from '../http/paging.ts';
import { found, noContent, notFound, problem, type Reply } from '../http/reply.ts';
import { type Call, type Route, repoRoute } from '../http/route.ts';
import type { Repo, Workflow } from '../model.ts';
import { workflowFor } from '../runs/on-push.ts';
import { showWorkflow } from '../show/run.ts';
import { fullName } from '../state.ts';
import { showRuns } from './actions.ts';
import { isRecord, text } from './fields.ts';
import { listRuns } from './find-runs.ts';

export const workflowRoutes: readonly Route[] = [
  repoRoute('GET', '/actions/workflows', 'read', async (repo, call) => {
    const workflows = await knownWorkflows(repo, call);
    return pageUnder(call, 'workflows', workflows, (each) => showWorkflow(call.world.site, repo, each));
  }),
  repoRoute('GET', '/actions/workflows/{workflow_id}', 'read', async (repo, call) => {
    const workflow = await workflowInPath(repo, call);
    return workflow === undefined ? notFound() : found(showWorkflow(call.world.site, repo, workflow));
  }),
  repoRoute('GET', '/actions/workflows/{workflow_id}/runs', 'read', async (repo, call) => {
    const workflow = await workflowInPath(repo, call);
    if (workflow === undefined) return notFound();
    return await showRuns(
      call,
      listRuns(repo, call.query).filter((run) => run.workflow === workflow),
    );
  }),
  repoRoute('PUT', '/actions/workflows/{workflow_id}/enable', 'write', async (repo, call) => {
    return switchTo('active', await workflowInPath(repo, call));
  }),
  repoRoute('PUT', '/actions/workflows/{workflow_id}/disable', 'write', async (repo, call) => {
    return switchTo('disabled_manually', await workflowInPath(repo, call));
  }),
  repoRoute('POST', '/actions/workflows/{workflow_id}/dispatches', 'write', dispatch),
];

async function dispatch(repo: Repo, call: Call): Promise<Reply> {
  const workflow = await workflowInPath(repo, call);
  if (workflow === undefined) return notFound();
  const name = (text(call, 'ref') ?? '').replace(/^refs\/(heads|tags)\//, '');
  const sha = await resolveCommit(call.world.git, repo.gitDir, name);
  if (sha === undefined) return problem(422, `No ref found for: ${name}`);
  if (workflow.state !== 'active') {
    return problem(422, "Cannot trigger a 'workflow_dispatch' on a disabled workflow");
  }
  const source = await call.world.git.ask(repo.gitDir, ['cat-file', 'blob', `${sha}:${workflow.path}`]);
  if (source === undefined || !hasDispatch(source)) {
    return problem(422, "Workflow does not have 'workflow_dispatch' trigger");
  }
  const given = call.body['inputs'];
  const inputs = isRecord(given)
    ? Object.fromEntries(
        Object.entries(given).map(([key, value]) => [
          key,
          typeof value === 'string' ? value : JSON.stringify(value),
        ]),
      )
    : undefined;
  call.world.starter.start(
    repo,
    call.viewer!,
    {
      gitDir: repo.gitDir,
      ref: `refs/heads/${name}`,
      before: zeroSha,
      after: sha,
      repository: fullName(repo),
      actor: call.viewer!.login,
      event: 'workflow_dispatch',
      inputs,
    },
    { only: workflow.path },
  );
  return noContent();
}

/** Workflows live in the default branch; one that ever ran stays known. */
async function knownWorkflows(repo: Repo, call: Call): Promise<Workflow[]> {
  const { git, state } = call.world;
  const listing = await git.ask(repo.gitDir, [
    'ls-tree',
    '-z',
    '--name-only',
    repo.defaultBranch,
    '.github/workflows/',
  ]);
  const paths = (listing ?? '').split('\0').filter((path) => /\.ya?ml$/.test(path));
  await Promise.all(
    paths.map(async (path) => {
      if (repo.workflows.has(path)) return;
      const source =
        (await git.ask(repo.gitDir, ['cat-file', 'blob', `${repo.defaultBranch}:${path}`])) ?? '';
      workflowFor(state, repo, { workflowPath: path, workflowName: nameIn(source) ?? path });
    }),
  );
  return [...repo.workflows.values()].sort((left, right) => left.id - right.id);
}

/** By number, or by file name. */
async function workflowInPath(repo: Repo, call: Call): Promise<Workflow | undefined> {
  const wanted = call.params['workflow_id'] ?? '';
  return (await knownWorkflows(repo, call)).find(
    ({ id, path }) => String(id) === wanted || path === wanted || path.endsWith(`/${wanted}`),
  );
}

function switchTo(state: Workflow['state'], workflow: Workflow | undefined): Reply {
  if (workflow === undefined) return notFound();
  workflow.state = state;
  return noContent();
}

function nameIn(source: string): string | undefined {
  const file = readYaml(source);
  const name = isRecord(file) ? file['name'] : undefined;
  return typeof name === 'string' ? name : undefined;
}

function hasDispatch(source: string): boolean {
  const file = readYaml(source);
  const on: unknown = isRecord(file) ? (file['on'] ?? file['true']) : undefined;
  if (typeof on === 'string') return on === 'workflow_dispatch';
  if (Array.isArray(on)) return on.includes('workflow_dispatch');
  return isRecord(on) && 'workflow_dispatch' in on;
}

function readYaml(source: string): unknown {
  try {
    return parse(source);
  } catch {
    return undefined;
  }
}
