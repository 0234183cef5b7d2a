import { readdir, readFile, readlink } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { TurnKind } from '../../src/domain/agent.ts';
import type { LedgerEvent } from '../../src/domain/fact.ts';
import type { Delivery } from '../../src/status/delivery.ts';
import type { StatusReport } from '../../src/status/report.ts';
import type { Scenario } from '../../testkit/model/scenario.ts';
import type { CloneRun } from '../../testkit/sandbox/run-clone.ts';
import type { Sandbox } from '../../testkit/sandbox/sandbox.ts';

/** What the model answers to a plan turn: tasks by title (the id is made of it), or whole tasks. */
export function plan(...tasks: readonly (string | { title: string; id?: string; [key: string]: unknown })[]) {
  const whole = tasks.map((task) => (typeof task === 'string' ? { title: task } : task));
  return {
    outcome: 'tasks',
    reason: 'It is worth it.',
    tasks: whole.map((task) => ({
      id: task.title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'),
      why: 'Somebody needs it.',
      kind: 'feature',
      acceptance: [],
      paths: [],
      risk: 'low',
      ...task,
    })),
  };
}

/** What the model answers to a plan turn when there is nothing to do. */
export function noWork(reason: string) {
  return { outcome: 'no_work', reason, tasks: [] };
}

/** What the model answers at the end of a task: done, with this commit message, unless told otherwise. */
export function handoff(commitMessage: string, more: Readonly<Record<string, unknown>> = {}) {
  return {
    status: 'done',
    summary: `${commitMessage}.`,
    commit_message: commitMessage,
    claims: [],
    decisions: [],
    follow_ups: [],
    ...more,
  };
}

/** A scenario for one kind of turn of one repository; `match` narrows it (`{ task, call }`). */
export function turn(
  repo: string,
  kind: TurnKind | TurnKind[],
  steps: Scenario['steps'],
  match: NonNullable<Scenario['match']> = {},
): Scenario {
  const about = [repo, kind, ...Object.values(match)].map(String).join(' ');
  return { name: about, match: { repo, turn: kind, ...match }, steps };
}

/** The usual model: it plans these tasks, and each writes `<task>.txt` and says that it is done. */
export function goodWork(repo: string, ...titles: readonly string[]): Scenario[] {
  const wanted = titles.length > 0 ? titles : ['Good work'];
  return [
    turn(repo, 'plan', [{ json: plan(...wanted) }]),
    turn(repo, 'task', [
      { write: { path: '{{task}}.txt', content: 'good\n' } },
      { json: handoff('Do {{task}}') },
    ]),
  ];
}

/** A model that plans one task, does these steps and says that it is done; `more` is added to the handoff. */
export function oneTask(
  repo: string,
  steps: Scenario['steps'],
  more: Readonly<Record<string, unknown>> = {},
): Scenario[] {
  return [
    turn(repo, 'plan', [{ json: plan('Only task') }]),
    turn(repo, 'task', [...steps, { json: handoff('Do the only task', more) }]),
  ];
}

/**
 * A small repository whose one check (`quickCheck`) is red as soon as a file at its root says BAD. `files` come on
 * top. No workflow, so CI has no verdict, unless `files` bring one.
 */
export function repoFiles(files: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    'README.md': '# A small thing\n\nIt is for a test.\n',
    'check.sh': '! grep -l BAD ./*.txt 2>/dev/null\n',
    'start.txt': 'good\n',
    ...files,
  };
}

/** For `options` of a sandbox: the check of `repoFiles`. */
export const quickCheck = { verify: [{ name: 'check', run: 'sh check.sh' }] };

/** A session (or the last one of a repository) as `clone show --json` tells it. */
export function showJson(sandbox: Sandbox, what: string): Promise<Delivery> {
  return json<Delivery>(sandbox, ['show', what, '--json']);
}

export function statusJson(sandbox: Sandbox): Promise<StatusReport> {
  return json<StatusReport>(sandbox, ['status', '--json']);
}

async function json<T>(sandbox: Sandbox, args: readonly string[]): Promise<T> {
  const { stdout, stderr, exitCode } = await sandbox.clone(args);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return JSON.parse(stdout) as T;
}

/** The events of the last run, as `logs/latest/events.jsonl` has them. */
export async function eventsOf(sandbox: Sandbox): Promise<(LedgerEvent & Record<string, unknown>)[]> {
  const text = await readFile(path.join(sandbox.home, 'logs/latest/events.jsonl'), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as LedgerEvent & Record<string, unknown>);
}

/** git in the bare repository behind the GitHub stand-in: what is really there. */
export function remoteGit(sandbox: Sandbox, repo: string, ...args: readonly string[]): Promise<string> {
  const { id } = sandbox.github.repo(`${sandbox.owner}/${repo}`);
  return sandbox.git(sandbox.github.folder, '--git-dir', `${id}.git`, ...args);
}

/** git in our own mirror of a repository: what we keep, salvage refs among it. */
export async function mirrorGit(sandbox: Sandbox, repo: string, ...args: readonly string[]): Promise<string> {
  const mirrors = path.join(sandbox.home, '.clone/mirrors');
  const isOf = new RegExp(`^${repo}-[0-9a-f]{12}\\.git$`);
  const name = (await list(mirrors)).find((one) => isOf.test(one)) ?? 'none';
  return sandbox.git(mirrors, '--git-dir', name, ...args);
}

/** A file on the remote; undefined when it is not there. */
export async function remoteFile(
  sandbox: Sandbox,
  repo: string,
  file: string,
  ref = 'HEAD',
): Promise<string | undefined> {
  const names = await remoteGit(sandbox, repo, 'ls-tree', '-r', '--name-only', ref);
  return names.split('\n').includes(file) ? remoteGit(sandbox, repo, 'show', `${ref}:${file}`) : undefined;
}

/** The commits on the remote, newest first, whole messages. */
export async function remoteLog(
  sandbox: Sandbox,
  repo: string,
  ref = 'HEAD',
): Promise<{ sha: string; subject: string; message: string }[]> {
  const out = await remoteGit(sandbox, repo, 'log', '-z', '--format=%H%n%B', ref);
  return out
    .split('\0')
    .filter((one) => one !== '')
    .map((one) => {
      const [sha = '', subject = '', ...rest] = one.split('\n');
      return { sha, subject, message: [subject, ...rest].join('\n') };
    });
}

export function remoteSubjects(sandbox: Sandbox, repo: string, ref = 'HEAD'): Promise<string[]> {
  return remoteLog(sandbox, repo, ref).then((log) => log.map((one) => one.subject));
}

/**
 * Processes of this machine that belong to the sandbox: their command line, working folder or environment names
 * its folder (everything that is started there has it as HOME), or their command line holds `marker`.
 */
export async function survivors(sandbox: Sandbox, marker?: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    if (Number(pid) === process.pid) continue;
    const read = (file: string): Promise<string> => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
    const command = (await read('cmdline')).replaceAll('\0', ' ').trim();
    if (command === '') continue;
    const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => '');
    const about = [command, cwd, await read('environ')].join('\n');
    if (about.includes(`${sandbox.folder}/`) || about.includes(`HOME=${sandbox.folder}\0`))
      found.push(`${pid} ${command}`);
    else if (marker !== undefined && command.includes(marker)) found.push(`${pid} ${command}`);
  }
  return found;
}

/** The most memory, in MiB, that the `clone run` of the sandbox has until `over`. */
export async function watchMemory(sandbox: Sandbox, over: AbortSignal): Promise<number> {
  let most = 0;
  while (!over.aborted) {
    const [pid] = (await survivors(sandbox)).find((line) => /main\.ts run$/.test(line))?.split(' ') ?? [];
    const status = pid ? await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '') : '';
    most = Math.max(most, Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024);
    await sleep(200);
  }
  return most;
}

/** A run that ended as it should: with this exit code, and without a bug showing. */
export function expectRun(run: CloneRun, exitCode: number): void {
  expect(`${run.stdout}\n${run.stderr}`).not.toMatch(/^\s+at .+:\d+:\d+\)?$|\b(TypeError|ReferenceError)\b/m);
  expect(run.exitCode, `${run.stdout}\n${run.stderr}`).toBe(exitCode);
}

/** What must hold after every run, however it went: nothing half-done is left on this machine. */
export async function expectClean(sandbox: Sandbox, marker?: string): Promise<void> {
  const state = path.join(sandbox.home, '.clone');
  expect(await list(path.join(state, 'workspaces')), 'workspaces').toEqual([]);
  expect(await list(path.join(state, 'scratch')), 'scratch').toEqual([]);
  expect(await halfWritten(sandbox.home), 'half-written files').toEqual([]);
  expect(await heldLocks(sandbox), 'locks').toEqual([]);
  await expectNobody(sandbox, marker);
  await expectOpenSessions(sandbox);
}

/** A git of ours that asks a remote outlives a killed clone until the remote answers; then it is gone too. */
async function expectNobody(sandbox: Sandbox, marker: string | undefined): Promise<void> {
  let left = await survivors(sandbox, marker);
  for (let look = 0; look < 50 && left.length > 0 && left.every((line) => /\bgit\b/.test(line)); look += 1) {
    await sleep(200);
    left = await survivors(sandbox, marker);
  }
  expect(left, 'processes').toEqual([]);
}

/** No session is in a state that a running program would have to leave. */
async function expectOpenSessions(sandbox: Sandbox): Promise<void> {
  const { repos, run } = await statusJson(sandbox);
  expect(run?.state, 'the run').toBe('ended');
  const working = ['queued', 'setup', 'active', 'completed_unreviewed', 'accepted', 'merged', 'pushed'];
  expect(
    repos.filter(({ state }) => working.includes(state)),
    'open sessions',
  ).toEqual([]);
}

async function list(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).sort();
}

async function halfWritten(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => /\.(new|tmp|part|lock)$/.test(name) && !name.startsWith('.clone/agents/'));
}

/** Locks of the sandbox's repositories. Their folder is shared with every clone of this user; in a sandbox it is in /tmp. */
async function heldLocks(sandbox: Sandbox): Promise<string[]> {
  const mirrors = await list(path.join(sandbox.home, '.clone/mirrors'));
  const keys = mirrors.map((name) => name.replace(/\.git$/, ''));
  const held = await list(`/tmp/clone-locks-${os.userInfo().username}`);
  return held.filter((name) => keys.some((key) => name.startsWith(key)));
}

/** How the user's checkout stands: its branch, its commit and what `git status` says. */
export async function checkoutOf(
  sandbox: Sandbox,
  repo: string,
): Promise<{ branch: string; head: string; status: string }> {
  const at = sandbox.checkout(repo);
  return {
    branch: await sandbox.git(at, 'symbolic-ref', '--short', 'HEAD'),
    head: await sandbox.git(at, 'rev-parse', 'HEAD'),
    status: await sandbox.git(at, 'status', '--porcelain', '--untracked-files=all'),
  };
}
