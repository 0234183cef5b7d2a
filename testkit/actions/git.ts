import { execFile } from 'node:child_process';

/** What git printed; undefined when it refused. Settings of the user and the machine are left out. */
export function git(gitDir: string, args: readonly string[], input?: string): Promise<Buffer | undefined> {
  const options = { encoding: 'buffer' as const, env: gitEnv(), maxBuffer: 256 * 1024 * 1024 };
  return new Promise((resolve, reject) => {
    const child = execFile('git', [`--git-dir=${gitDir}`, ...args], options, (cause, stdout) => {
      if (!cause) resolve(stdout);
      else if (typeof cause.code === 'number') resolve(undefined);
      else reject(new Error('git could not be run', { cause }));
    });
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

/** An environment in which git reads no settings but the repository's own. */
export function gitEnv(): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    LANG: 'C.UTF-8',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
  };
}
