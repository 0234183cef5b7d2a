import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { formatMarker, gitSession, markerName } from '../processes/marker.ts';
import { ownProcess } from '../processes/proc.ts';
import type { Setting } from './hardened-settings.ts';
import { hardenedSettings } from './hardened-settings.ts';

export interface GitCall {
  readonly gitDir?: string | undefined;
  readonly workTree?: string | undefined;
  readonly indexFile?: string | undefined;
  /** Where the process stands; its work tree, else its git directory, when left out. */
  readonly cwd?: string | undefined;
  readonly input?: string | Buffer | undefined;
  /** On top of the scrubbed environment. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  /** On top of the hardened settings; through the environment, so secrets may be in it. */
  readonly settings?: readonly Setting[] | undefined;
  /** True: the user's own home and global configuration count, as for their checkout and their remotes. */
  readonly asUser?: boolean | undefined;
  readonly timeoutMs?: number | undefined;
  /** Where the output is cut; the process is ended then. */
  readonly maxBytes?: number | undefined;
}

export interface GitOutput {
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
  /** True when there was more output than was asked for. */
  readonly cut: boolean;
}

/** Runs one git command to its end. A git that says no is an answer; a git that cannot be started is a bug. */
export type RunGit = (args: readonly string[], call: GitCall) => Promise<GitOutput>;

const defaultTimeoutMs = 10 * 60_000;
const defaultMaxBytes = 256 * 1024 * 1024;
const maxErrorBytes = 64 * 1024;
const graceMs = 5_000;

/**
 * Git with nothing of this machine's settings in it, in a process group of its own. One that outlives us, because we
 * were killed while a remote was slow, is found by its marker and ended when the next run begins.
 */
export function createRunGit(environment: Readonly<Record<string, string | undefined>>): RunGit {
  const marker = { [markerName]: formatMarker(gitSession, ownProcess(), 'git') };
  const scrubbed = { ...scrubbedEnvironment(environment), ...marker };
  const asUser = { ...userEnvironment(environment), ...marker };
  return (args, call) => {
    const base = call.asUser === true ? asUser : scrubbed;
    return runToEnd(args, call, { ...base, ...placeOf(call), ...settingsOf(call), ...call.environment });
  };
}

function scrubbedEnvironment(environment: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv {
  return {
    PATH: environment['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
    TZ: environment['TZ'],
    TMPDIR: environment['TMPDIR'],
    HOME: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_ALLOW_PROTOCOL: 'file:git:http:https:ssh',
    LC_ALL: 'C',
  };
}

const namesOfTheUser = [
  'HOME',
  'XDG_CONFIG_HOME',
  'USER',
  'LOGNAME',
  'GIT_CONFIG_GLOBAL',
  'GIT_CONFIG_NOSYSTEM',
];

function userEnvironment(environment: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv {
  const own = Object.fromEntries(namesOfTheUser.map((name) => [name, environment[name]]));
  return { ...scrubbedEnvironment(environment), GIT_ATTR_NOSYSTEM: undefined, ...own };
}

function placeOf(call: GitCall): NodeJS.ProcessEnv {
  return { GIT_DIR: call.gitDir, GIT_WORK_TREE: call.workTree, GIT_INDEX_FILE: call.indexFile };
}

function settingsOf(call: GitCall): NodeJS.ProcessEnv {
  const settings = [...hardenedSettings, ...(call.settings ?? [])];
  const env: NodeJS.ProcessEnv = { GIT_CONFIG_COUNT: String(settings.length) };
  for (const [at, [key, value]] of settings.entries()) {
    env[`GIT_CONFIG_KEY_${at}`] = key;
    env[`GIT_CONFIG_VALUE_${at}`] = value;
  }
  return env;
}

function runToEnd(args: readonly string[], call: GitCall, env: NodeJS.ProcessEnv): Promise<GitOutput> {
  return new Promise((resolve, reject) => {
    // A group of its own: a Ctrl-C in the terminal is for us to answer, not for a push that is half way.
    const cwd = call.cwd ?? call.workTree ?? call.gitDir ?? '/';
    const stdin = call.input === undefined ? 'ignore' : 'pipe';
    const child = spawn('git', args, { cwd, env, detached: true, stdio: [stdin, 'pipe', 'pipe'] });
    const out = collect(child, 'stdout', call.maxBytes ?? defaultMaxBytes, () => {
      endGently(child);
    });
    const err = collect(child, 'stderr', maxErrorBytes, () => undefined);
    let late = false;
    const timeoutMs = call.timeoutMs ?? defaultTimeoutMs;
    const timer = setTimeout(() => {
      late = true;
      endGently(child);
    }, timeoutMs);
    child.once('error', (cause) => {
      clearTimeout(timer);
      reject(new Error(`git could not be started in ${cwd}`, { cause }));
    });
    child.once('close', (code) => {
      clearTimeout(timer);
      const cut = out.isCut();
      const stderr = late ? `${err.text()}\ntimed out after ${timeoutMs / 1000} s` : err.text();
      resolve({ ok: code === 0 || (cut && !late), stdout: out.text(), stderr, cut });
    });
    // Git may end before it has read everything; its exit says what happened.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(call.input);
  });
}

function collect(child: ChildProcess, from: 'stdout' | 'stderr', maxBytes: number, onFull: () => void) {
  const chunks: Buffer[] = [];
  let size = 0;
  let cut = false;
  child[from]?.on('data', (chunk: Buffer) => {
    if (cut) return;
    chunks.push(chunk.subarray(0, maxBytes - size));
    size += chunk.length;
    if (size <= maxBytes) return;
    cut = true;
    onFull();
  });
  return { isCut: () => cut, text: () => Buffer.concat(chunks).toString('utf8') };
}

/** SIGTERM lets git remove its lock files; SIGKILL would leave them behind. */
function endGently(child: ChildProcess): void {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  child.once('close', () => {
    clearTimeout(timer);
  });
}
