import { spawn } from 'node:child_process';
import { isSea } from 'node:sea';
import { fileURLToPath } from 'node:url';

export interface CloneRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CloneCall {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** True: the output goes where ours goes, a terminal stays a terminal. */
  readonly inherit?: boolean | undefined;
  /** Hears standard output as it comes. */
  readonly onOutput?: ((text: string) => void) | undefined;
  /** Sends signals: SIGINT on abort. */
  readonly interrupt?: AbortSignal | undefined;
}

/** How this very program is started again: from source, as a package, or as one executable. */
export function cloneCommand(): readonly string[] {
  if (isSea()) return [process.execPath];
  const self = process.argv[1];
  if (self !== undefined && /[\\/](main\.[jt]s|clone)$/.test(self)) return [process.execPath, self];
  if (/[\\/]node(\.exe)?$/.test(process.execPath))
    return [process.execPath, fileURLToPath(new URL('../../src/main.ts', import.meta.url))];
  return [process.execPath];
}

/** Runs `clone` as a user would: a process of its own, found by its exit code and what it printed. */
export async function runClone({
  args,
  cwd,
  env,
  inherit,
  onOutput,
  interrupt,
}: CloneCall): Promise<CloneRun> {
  const [program = process.execPath, ...first] = cloneCommand();
  const child = spawn(program, [...first, ...args], {
    cwd,
    env: { ...env },
    stdio: inherit ? 'inherit' : ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    onOutput?.(text);
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const onAbort = (): void => {
    child.kill('SIGINT');
  };
  interrupt?.addEventListener('abort', onAbort);
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      resolve(code ?? (signal ? 128 : 1));
    });
  });
  interrupt?.removeEventListener('abort', onAbort);
  return { exitCode, stdout, stderr };
}
