import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Delivery } from '../../src/status/delivery.ts';
import type { StatusReport } from '../../src/status/report.ts';
import type { Scenario } from '../../testkit/model/scenario.ts';
import { type CloneRun, cloneCommand } from '../../testkit/sandbox/run-clone.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../testkit/sandbox/sandbox.ts';
import { handoff, quickCheck, repoFiles, showJson, statusJson, turn } from './support.ts';

/** What these sandboxes are run with: one turn per session, many sessions at once, a quick look at CI. */
export const quickRun = {
  ...quickCheck,
  session_mode: 'single',
  parallel_repos: 8,
  ci_poll_interval_seconds: 0.2,
  ci_grace_seconds: 0.5,
};

/** A sandbox whose folder is known before it is built, for repositories that must name it. */
export async function sandboxAt(build: (folder: string) => SandboxOptions): Promise<Sandbox> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'clone-journey-'));
  const sandbox = await startSandbox({ ...build(folder), folder });
  return {
    ...sandbox,
    async [Symbol.asyncDispose]() {
      await sandbox[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Resolves when it holds; says what did not come. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  everyMs = 25,
): Promise<void> {
  const end = Date.now() + 60_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await sleep(everyMs);
  }
}

/** A shell line that ends when `open` was called with this name; `folder` is the sandbox's. */
export function waitingFor(folder: string, name: string): string {
  return `until [ -e '${folder}/open-${name}' ]; do sleep 0.05; done`;
}

export async function open(sandbox: Sandbox, name: string): Promise<void> {
  await writeFile(path.join(sandbox.folder, `open-${name}`), '');
}

/** A step of the model that goes on when `open` was called with this name. */
export function paused(name: string): { run: string } {
  return { run: waitingFor('{{cwd}}/../../../..', name) };
}

/** Resolves when the agent has begun a turn of this kind in the repository. */
export function agentIn(sandbox: Sandbox, repo: string, kind: string): Promise<void> {
  return until(`a ${kind} turn in ${repo}`, () =>
    sandbox.model.requests.some((request) => request.repo === repo && request.turn === kind),
  );
}

/** Does something while a run goes on, and answers how the run ended; one that ends before is shown. */
export async function during(running: Promise<CloneRun>, happens: () => Promise<void>): Promise<CloneRun> {
  let over = false;
  const tooSoon = running.then((run) => {
    if (!over) throw new Error(`the run ended too soon:\n${run.stdout}\n${run.stderr}`);
  });
  await Promise.race([tooSoon, happens()]);
  over = true;
  await tooSoon;
  return running;
}

/** How many turns of a kind the agent began in a repository. */
export function turnsOf(sandbox: Sandbox, repo: string, kind?: string): number {
  const threads = sandbox.model.requests.filter(
    (request) => request.repo === repo && (kind === undefined || request.turn === kind),
  );
  return new Set(threads.map((request) => `${request.thread} ${request.userMessage}`)).size;
}

/** The prompts of the turns of one kind, in order, as the model was sent them. */
export function promptsOf(sandbox: Sandbox, repo: string, kind: string): string[] {
  const asked = sandbox.model.requests.filter((request) => request.repo === repo && request.turn === kind);
  return [...new Set(asked.map((request) => request.prompt ?? ''))];
}

/** One turn of work: these files, then done. */
export function works(
  repo: string,
  files: Readonly<Record<string, string>>,
  before: Scenario['steps'] = [],
): Scenario {
  return turn(repo, 'task', [...before, writes(files), { json: handoff(`Work on ${repo}`) }]);
}

/** One fix pass (the n-th of the repository): these files, then done. */
export function fixes(
  repo: string,
  files: Readonly<Record<string, string>>,
  { call, before = [] }: { call?: number; before?: Scenario['steps'] } = {},
): Scenario {
  const steps = [...before, writes(files), { json: handoff(`Mend ${repo}`) }];
  return turn(repo, 'ci-fix', steps, call === undefined ? {} : { call });
}

function writes(files: Readonly<Record<string, string>>): Scenario['steps'][number] {
  return { write: Object.entries(files).map(([file, content]) => ({ path: file, content })) };
}

/** A workflow with one job `test`, of the named steps. */
export function workflow(
  steps: Readonly<Record<string, string>> = { Test: 'sh ci.sh' },
  { on = '{ push: { branches: [main] } }', job = '' }: { on?: string; job?: string } = {},
): string {
  const lines = Object.entries(steps).flatMap(([name, run]) => [
    `      - name: ${name}`,
    '        run: |',
    ...run.split('\n').map((line) => `          ${line}`),
  ]);
  return [
    'name: CI',
    `on: ${on}`,
    'jobs:',
    '  test:',
    '    runs-on: ubuntu-latest',
    ...(job === '' ? [] : [job]),
    '    steps:',
    '      - uses: actions/checkout@v5',
    ...lines,
    '',
  ].join('\n');
}

/** `repoFiles` with a workflow whose one step is red as soon as a file at the root says RED. */
export function ciFiles(
  files: Readonly<Record<string, string>> = {},
  yaml: string = workflow(),
): Record<string, string> {
  return repoFiles({
    'ci.sh': 'if grep -n RED ./*.txt; then echo "##[error]a file says RED"; exit 1; fi\necho fine\n',
    '.github/workflows/ci.yml': yaml,
    ...files,
  });
}

/** A person pushes to the remote from a checkout of their own; `undefined` removes a file. */
export async function humanPushes(
  sandbox: Sandbox,
  repo: string,
  files: Readonly<Record<string, string | undefined>>,
  { message = 'By a person', branch = 'main' }: { message?: string; branch?: string } = {},
): Promise<string> {
  const at = await humanCheckout(sandbox, repo);
  await sandbox.git(at, 'fetch', '--quiet', 'origin', branch);
  await sandbox.git(at, 'checkout', '--quiet', '--detach', 'FETCH_HEAD');
  for (const [file, text] of Object.entries(files)) {
    const to = path.join(at, file);
    await mkdir(path.dirname(to), { recursive: true });
    if (text === undefined) await rm(to);
    else await writeFile(to, text);
  }
  await sandbox.git(at, 'add', '--all');
  await sandbox.git(at, 'commit', '--quiet', '--message', message);
  await sandbox.git(at, 'push', '--quiet', 'origin', `HEAD:refs/heads/${branch}`);
  return sandbox.git(at, 'rev-parse', 'HEAD');
}

/** A person takes the newest commit of the branch back by force. */
export async function humanResets(sandbox: Sandbox, repo: string, branch = 'main'): Promise<void> {
  const at = await humanCheckout(sandbox, repo);
  await sandbox.git(at, 'fetch', '--quiet', 'origin', branch);
  await sandbox.git(at, 'push', '--quiet', '--force', 'origin', `FETCH_HEAD~1:refs/heads/${branch}`);
}

async function humanCheckout(sandbox: Sandbox, repo: string): Promise<string> {
  const at = path.join(sandbox.folder, 'human', repo);
  if (existsSync(at)) return at;
  await mkdir(at, { recursive: true });
  const url = new URL(`${sandbox.github.url}/${sandbox.owner}/${repo}.git`);
  url.username = 'x-access-token';
  url.password = sandbox.token;
  await sandbox.git(at, 'init', '--quiet');
  await sandbox.git(at, 'remote', 'add', 'origin', url.href);
  return at;
}

/** `clone show` and `clone status` of a run that is over, each asked once. */
export interface Seen {
  show(repo: string): Promise<Delivery>;
  status(): Promise<StatusReport>;
}

export function seenIn(sandbox: Sandbox): Seen {
  const shown = new Map<string, Promise<Delivery>>();
  let status: Promise<StatusReport> | undefined;
  return {
    show(repo) {
      const known = shown.get(repo) ?? showJson(sandbox, repo);
      shown.set(repo, known);
      return known;
    },
    status: () => (status ??= statusJson(sandbox)),
  };
}

/** git in our mirror of a repository. */
export async function mirrorGit(
  sandbox: Sandbox,
  { states }: Pick<Delivery, 'states'>,
  ...args: readonly string[]
): Promise<string> {
  const facts = states.find(({ state }) => state === 'setup')?.facts as { key: string };
  const mirror = path.join(sandbox.home, '.clone/mirrors', `${facts.key}.git`);
  return sandbox.git(sandbox.home, '--git-dir', mirror, ...args);
}

/** How often a push to a repository was taken in by the stand-in's git. */
export function pushesTo(sandbox: Sandbox, repo: string): number {
  return sandbox.github.requests.filter(
    ({ method, path: asked }) => method === 'POST' && asked.includes(`/${repo}.git/git-receive-pack`),
  ).length;
}

export interface Going {
  readonly child: ChildProcess;
  readonly done: Promise<CloneRun & { readonly signal: NodeJS.Signals | null; readonly peakMb: number }>;
}

/** Starts `clone` and hands out its process, to be killed or measured. */
export function startClone(sandbox: Sandbox, args: readonly string[]): Going {
  const [program = process.execPath, ...first] = cloneCommand();
  const child = spawn(program, [...first, ...args], {
    cwd: sandbox.home,
    env: { ...sandbox.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  let peakMb = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const measuring = setInterval(() => {
    peakMb = Math.max(peakMb, peakMemory(child.pid ?? 0));
  }, 50);
  const done = new Promise<Awaited<Going['done']>>((resolve) => {
    child.on('close', (code, signal) => {
      clearInterval(measuring);
      resolve({ exitCode: code ?? 128, signal, stdout, stderr, peakMb });
    });
  });
  return { child, done };
}

function peakMemory(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** Every file below a folder that holds a text. */
export async function filesWith(folder: string, text: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    if ((await readFile(file)).includes(text)) found.push(path.relative(folder, file));
  }
  return found;
}
