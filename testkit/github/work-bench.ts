import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Octokit } from '@octokit/rest';
import { startGitHub } from './server.ts';
import type { GitHubOptions, GitHubStandIn } from './stand-in.ts';

/** A stand-in with two people, and a folder in which to work with the real git client. */
export interface WorkBench extends AsyncDisposable {
  readonly github: GitHubStandIn;
  /** A client for somebody; null is nobody. */
  as(token: string | null): Octokit;
  /** The clone URL of a repository with a token in it. */
  remote(repository: string, token?: string): string;
  /** A local repository of its own. */
  checkout(name: string): Promise<Checkout>;
}

export interface Checkout {
  readonly folder: string;
  /** Writes the files, commits them, and says which commit it is. */
  commit(message: string, files?: Record<string, string>): Promise<string>;
  /** What git says on stdout; a git that fails throws with what it said on stderr. */
  git(...args: string[]): Promise<string>;
  /** Pushes, and says what git told on stderr, whether it worked or not. */
  push(url: string, ...refs: string[]): Promise<{ ok: boolean; said: string }>;
}

/** Alice has the token `alice-token` and bob `bob-token`. Every answer is checked against GitHub's schemas. */
export async function openWorkBench(options: GitHubOptions = {}): Promise<WorkBench> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'github-bench-'));
  const github = await startGitHub({ validate: true, ...options });
  github.addUser({ login: 'alice', token: 'alice-token' });
  github.addUser({ login: 'bob', token: 'bob-token' });
  return {
    github,
    as: (token) =>
      new Octokit({
        baseUrl: github.apiUrl,
        ...(token === null ? {} : { auth: token }),
        log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
      }),
    remote: (repository, token = 'alice-token') =>
      `${github.url.replace('://', `://x-access-token:${token}@`)}/${repository}.git`,
    checkout: (name) => openCheckout(path.join(folder, name)),
    async [Symbol.asyncDispose]() {
      await github.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A workflow file with one job `test`, whose only step is the command. */
export function workflow(command: string, extra = ''): Record<string, string> {
  const lines = [
    'name: CI',
    'on: push',
    extra,
    'jobs:',
    '  test:',
    '    runs-on: ubuntu-latest',
    '    steps:',
    '      - uses: actions/checkout@v4',
    `      - run: ${command}`,
  ];
  return { '.github/workflows/ci.yml': `${lines.filter((line) => line !== '').join('\n')}\n` };
}

async function openCheckout(folder: string): Promise<Checkout> {
  await mkdir(folder, { recursive: true });
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
  };
  const run = async (args: string[]): Promise<{ stdout: string; stderr: string }> =>
    await promisify(execFile)('git', ['-C', folder, ...args], { env, encoding: 'utf8' });
  await run(['init', '--quiet', '--initial-branch=main']);
  await run(['config', 'user.name', 'Alice']);
  await run(['config', 'user.email', 'alice@example.test']);

  const git = async (...args: string[]): Promise<string> => (await run(args)).stdout.trim();
  return {
    folder,
    git,
    async commit(message, files = {}) {
      for (const [name, text] of Object.entries(files)) {
        await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
        await writeFile(path.join(folder, name), text);
      }
      await run(['add', '--all']);
      await run(['commit', '--quiet', '--allow-empty', '-m', message]);
      return await git('rev-parse', 'HEAD');
    },
    async push(url, ...refs) {
      try {
        return { ok: true, said: (await run(['push', url, ...refs])).stderr };
      } catch (failure) {
        return { ok: false, said: String((failure as { stderr?: string }).stderr) };
      }
    },
  };
}

function quiet(): void {
  // Octokit would print every refusal that a test provokes.
}
