import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import { startGitHub } from '../github/server.ts';
import type { GitHubStandIn } from '../github/stand-in.ts';
import { codexConfig } from '../model/codex-config.ts';
import type { Scenario } from '../model/scenario.ts';
import { type ModelServer, startModelServer } from '../model/server.ts';
import { type CloneCall, type CloneRun, runClone } from './run-clone.ts';

const run = promisify(execFile);

export interface SandboxRepo {
  readonly name: string;
  /** Path → text of the first commit. */
  readonly files: Readonly<Record<string, string>>;
  /** Path → text of a second commit, as an earlier session of clone would have made it. */
  readonly remembered?: Readonly<Record<string, string>> | undefined;
  readonly branch?: string | undefined;
  /** Keys of its entry in repos.yaml. */
  readonly entry?: Readonly<Record<string, unknown>> | undefined;
  /** False: no remote at all. */
  readonly remote?: boolean | undefined;
  readonly protectedBranches?: readonly string[] | undefined;
}

export interface SandboxOptions {
  readonly repos: readonly SandboxRepo[];
  readonly scenarios: readonly Scenario[] | string;
  /** Options of clone.yaml beside those that point it at the sandbox. */
  readonly options?: Readonly<Record<string, unknown>> | undefined;
  /** Where to build it; a temporary folder, removed at the end, when left out. */
  readonly folder?: string | undefined;
  readonly model?: string | undefined;
  /** Check every answer of the GitHub stand-in against GitHub's schemas. */
  readonly validate?: boolean | undefined;
}

/** A whole small world on this machine: a GitHub, a model, a portfolio with checkouts, and a home of clone. */
export interface Sandbox extends AsyncDisposable {
  readonly folder: string;
  readonly home: string;
  readonly code: string;
  readonly github: GitHubStandIn;
  readonly model: ModelServer;
  readonly owner: string;
  readonly token: string;
  /** What `clone` is run with. */
  readonly env: Readonly<Record<string, string>>;
  checkout(name: string): string;
  clone(args: readonly string[], how?: Partial<CloneCall>): Promise<CloneRun>;
  /** git in a checkout (or any folder), with nobody's configuration. */
  git(cwd: string, ...args: readonly string[]): Promise<string>;
}

const owner = 'alice';

/** Builds the sandbox. Everything listens on 127.0.0.1 and ends with it. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const folder = options.folder ?? (await mkdtemp(path.join(os.tmpdir(), 'clone-sandbox-')));
  const code = path.join(folder, 'code');
  const home = path.join(folder, 'home');
  const codex = path.join(folder, 'codex');
  for (const made of [code, home, codex]) await mkdir(made, { recursive: true });

  await using listening = new AsyncDisposableStack();
  const github = await startGitHub({
    folder: path.join(folder, 'github'),
    validate: options.validate ?? false,
  });
  listening.defer(() => github.close());
  const model = await startModelServer({
    scenarios: options.scenarios,
    journal: path.join(folder, 'model.jsonl'),
  });
  listening.defer(() => model.close());
  const { token } = github.addUser({ login: owner });
  await writeFile(
    path.join(codex, 'config.toml'),
    codexConfig(model.url, { model: options.model ?? 'gpt-5.5' }).toml,
  );

  const git = (cwd: string, ...args: readonly string[]): Promise<string> => gitIn(folder, cwd, args);
  for (const repo of options.repos) await makeRepo({ repo, code, github, git });
  const entries = options.repos.map((repo) => entryOf(repo, code));
  await writeFile(path.join(home, 'repos.yaml'), stringify({ code_root: code, repos: entries }));
  const settings = {
    github_api_url: github.apiUrl,
    codex_home: codex,
    sleep_seconds: 0,
    // A commit and a run of the checks more for each landing: for those whom it is about.
    memory_enabled: false,
    ci_poll_interval_seconds: 0.2,
    ci_grace_seconds: 3,
    ...options.options,
  };
  await writeFile(path.join(home, 'clone.yaml'), stringify(settings));

  const env = {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    HOME: folder,
    LANG: 'C.UTF-8',
    TERM: process.env['TERM'] ?? 'dumb',
    GITHUB_TOKEN: token,
  };
  const servers = listening.move();
  return {
    folder,
    home,
    code,
    github,
    model,
    owner,
    token,
    env,
    checkout: (name) => path.join(code, name),
    clone: (args, how = {}) => runClone({ cwd: home, ...how, args, env: { ...env, ...how.env } }),
    git,
    async [Symbol.asyncDispose]() {
      await servers.disposeAsync();
      if (options.folder === undefined) await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** What tells a commit of ours from a person's. */
const rememberedMessage = 'Remember earlier work\n\nClone-Run: r0\nClone-Session: s0\nClone-Turn: memory\n';

async function commitFiles(
  checkout: string,
  files: Readonly<Record<string, string>>,
  message: string,
  git: Sandbox['git'],
): Promise<void> {
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(checkout, file)), { recursive: true });
    await writeFile(path.join(checkout, file), text);
  }
  await git(checkout, 'add', '--all');
  await git(checkout, 'commit', '--quiet', '--message', message);
}

async function makeRepo(order: {
  repo: SandboxRepo;
  code: string;
  github: GitHubStandIn;
  git: Sandbox['git'];
}): Promise<void> {
  const { repo, code, github, git } = order;
  const branch = repo.branch ?? 'main';
  const checkout = path.join(code, repo.name);
  await mkdir(checkout, { recursive: true });
  await git(checkout, 'init', '--quiet', '--initial-branch', branch);
  await commitFiles(checkout, repo.files, 'First commit', git);
  if (repo.remembered) await commitFiles(checkout, repo.remembered, rememberedMessage, git);
  if (repo.remote === false) return;
  await github.addRepo({
    owner,
    name: repo.name,
    private: true,
    defaultBranch: branch,
    seedFrom: checkout,
    protectedBranches: repo.protectedBranches,
  });
  await git(checkout, 'remote', 'add', 'origin', `${github.url}/${owner}/${repo.name}.git`);
  await git(checkout, 'update-ref', `refs/remotes/origin/${branch}`, branch);
  await git(checkout, 'symbolic-ref', 'refs/remotes/origin/HEAD', `refs/remotes/origin/${branch}`);
}

function entryOf(repo: SandboxRepo, code: string): Record<string, unknown> {
  return {
    name: repo.name,
    path: path.join(code, repo.name),
    branch: repo.branch ?? 'main',
    objective: `Keep ${repo.name} useful.`,
    ...repo.entry,
  };
}

async function gitIn(home: string, cwd: string, args: readonly string[]): Promise<string> {
  const identity = {
    GIT_AUTHOR_NAME: 'Alice',
    GIT_AUTHOR_EMAIL: 'alice@example.test',
    GIT_COMMITTER_NAME: 'Alice',
    GIT_COMMITTER_EMAIL: 'alice@example.test',
  };
  const env = {
    PATH: process.env['PATH'],
    HOME: home,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    ...identity,
  };
  const { stdout } = await run('git', [...args], { cwd, env });
  return stdout.trim();
}
