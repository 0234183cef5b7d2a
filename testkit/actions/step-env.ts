import path from 'node:path';
import { refName } from './contexts.ts';
import { type JobState, runnerArch, serverUrl } from './job-state.ts';
import { trackingVariable } from './orphans.ts';

/** The files through which a step talks back. */
export interface CommandFiles {
  output: string;
  env: string;
  path: string;
  state: string;
  summary: string;
}

/** The whole environment of a step's process. Nothing of ours gets in but the search path. */
export function stepEnv(
  state: JobState,
  own: Record<string, string>,
  files: CommandFiles,
): Record<string, string> {
  const variables = {
    ...machine(state),
    ...state.order.env,
    ...state.env,
    ...own,
    ...github(state, files),
    ...pick(state.order.env, /^(GITHUB|RUNNER)_/),
  };
  const searchPath = [...state.paths, variables['PATH'] ?? ''].join(path.delimiter);
  // A NUL cannot be handed to a process.
  const clean = Object.entries({ ...variables, PATH: searchPath }).map(
    ([name, value]) => [name, value.replaceAll('\0', '')] as const,
  );
  return Object.fromEntries(clean.filter(([name]) => name !== '' && !/[=\0]/.test(name)));
}

/** The search path of a fresh machine: our own Node first, no tools of the project we were started from. */
export function machinePath(): string {
  const inherited = (process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin').split(path.delimiter);
  const foreign = inherited.filter(
    (folder) => folder !== '' && !folder.endsWith(path.join('node_modules', '.bin')),
  );
  return [path.dirname(process.execPath), ...foreign].join(path.delimiter);
}

function machine({ folders }: JobState): Record<string, string> {
  return {
    PATH: machinePath(),
    HOME: folders.home,
    TMPDIR: folders.temp,
    LANG: 'C.UTF-8',
    SHELL: '/bin/bash',
    USER: 'runner',
    CI: 'true',
  };
}

function github(state: JobState, files: CommandFiles): Record<string, string> {
  const { order, folders } = state;
  const { push, source, run } = order;
  const pull = push.event === 'pull_request';
  return {
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTOR: push.actor,
    GITHUB_TRIGGERING_ACTOR: push.actor,
    GITHUB_API_URL: serverUrl(order),
    GITHUB_SERVER_URL: serverUrl(order),
    GITHUB_GRAPHQL_URL: `${serverUrl(order)}/graphql`,
    GITHUB_BASE_REF: pull ? refName(push.baseRef ?? '') : '',
    GITHUB_HEAD_REF: pull ? refName(push.ref) : '',
    GITHUB_EVENT_NAME: push.event,
    GITHUB_EVENT_PATH: path.join(folders.temp, 'event.json'),
    GITHUB_JOB: order.cell.job.id,
    GITHUB_REF: push.ref,
    GITHUB_REF_NAME: refName(push.ref),
    GITHUB_REF_PROTECTED: 'false',
    GITHUB_REF_TYPE: push.ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    GITHUB_REPOSITORY: push.repository,
    GITHUB_REPOSITORY_OWNER: push.repository.split('/')[0] ?? '',
    GITHUB_RUN_ID: '1',
    GITHUB_RUN_NUMBER: '1',
    GITHUB_RUN_ATTEMPT: String(order.attempt),
    GITHUB_SHA: run.headSha,
    GITHUB_WORKFLOW: source.workflow.name,
    GITHUB_WORKFLOW_REF: `${push.repository}/${source.workflow.path}@${push.ref}`,
    GITHUB_WORKFLOW_SHA: run.headSha,
    GITHUB_WORKSPACE: folders.workspace,
    GITHUB_OUTPUT: files.output,
    GITHUB_ENV: files.env,
    GITHUB_PATH: files.path,
    GITHUB_STATE: files.state,
    GITHUB_STEP_SUMMARY: files.summary,
    RUNNER_OS: 'Linux',
    RUNNER_ARCH: runnerArch(),
    RUNNER_NAME: order.runnerName,
    RUNNER_TEMP: folders.temp,
    RUNNER_TOOL_CACHE: folders.tools,
    RUNNER_WORKSPACE: path.dirname(folders.workspace),
    RUNNER_ENVIRONMENT: 'github-hosted',
    [trackingVariable]: state.trackingId,
  };
}

function pick(variables: Record<string, string>, names: RegExp): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => names.test(name)));
}
