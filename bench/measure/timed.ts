import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

export interface Call {
  readonly command: readonly [program: string, ...args: string[]];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface Timed {
  readonly wallSeconds: number;
  /** User and system time of the command and of everything that it started and waited for. */
  readonly cpuSeconds: number;
}

/** Runs a command to its end under the `time` of bash, which sees grandchildren too. A failed command is thrown. */
export async function timed({ command, cwd, env }: Call): Promise<Timed> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'clone-bench-time-'));
  try {
    const file = path.join(folder, 'times');
    await runToEnd({ command: ['bash', '-c', timeScript, file, ...command], cwd, env });
    const [wall = 0, user = 0, system = 0] = (await readFile(file, 'utf8')).trim().split(' ').map(Number);
    return { wallSeconds: wall, cpuSeconds: user + system };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

// The command keeps its own standard error; only what `time` says goes to the file.
const timeScript = 'TIMEFORMAT="%3R %3U %3S"; { time "$@" 2>&3; } 3>&2 2>"$0"';

/** Runs a command to its end; answers what it printed. */
export function runToEnd({ command: [program, ...args], cwd, env }: Call): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout = (stdout + text).slice(-100_000)));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr = (stderr + text).slice(-10_000)));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(stdout);
      else
        reject(
          new Error(
            `${program} ${args.join(' ')} ended with ${code ?? 'a signal'}\n${stdout.slice(-2000)}${stderr}`,
          ),
        );
    });
  });
}
