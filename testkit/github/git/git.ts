import { execFile, spawn } from 'node:child_process';

/** Runs git in the stand-in's own bare repositories, away from the settings of this machine. */
export interface Git {
  /** The output, or undefined when git said no. */
  ask(gitDir: string, args: readonly string[]): Promise<string | undefined>;
  /** The output; a git that says no is a bug of ours. */
  must(gitDir: string, args: readonly string[], input?: string | Buffer): Promise<string>;
  /** The output as bytes. */
  bytes(gitDir: string, args: readonly string[]): Promise<Buffer | undefined>;
  readonly env: Readonly<Record<string, string>>;
}

export function createGit(home: string): Git {
  const env = {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    HOME: home,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_AUTHOR_NAME: 'GitHub',
    GIT_AUTHOR_EMAIL: 'noreply@github.com',
    GIT_COMMITTER_NAME: 'GitHub',
    GIT_COMMITTER_EMAIL: 'noreply@github.com',
    LC_ALL: 'C',
  };
  const options = { env, maxBuffer: 256 * 1024 * 1024 };

  function bytes(gitDir: string, args: readonly string[]): Promise<Buffer | undefined> {
    return new Promise((resolve) => {
      execFile('git', [`--git-dir=${gitDir}`, ...args], { ...options, encoding: 'buffer' }, (error, out) => {
        resolve(error === null ? out : undefined);
      });
    });
  }

  return {
    env,
    bytes,
    async ask(gitDir, args) {
      const out = await bytes(gitDir, args);
      return out?.toString('utf8').trimEnd();
    },
    must(gitDir, args, input) {
      return new Promise((resolve, reject) => {
        const child = spawn('git', [`--git-dir=${gitDir}`, ...args], { env });
        const out: Buffer[] = [];
        const err: Buffer[] = [];
        child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
        child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
        child.on('error', reject);
        child.on('close', (code) => {
          if (code === 0) resolve(Buffer.concat(out).toString('utf8').trimEnd());
          else reject(new Error(`git ${args.join(' ')}: ${Buffer.concat(err).toString('utf8')}`));
        });
        child.stdin.on('error', () => undefined);
        child.stdin.end(input ?? '');
      });
    },
  };
}

export const zeroSha = '0'.repeat(40);

/** The commit that a branch, tag, full ref or (abbreviated) sha names. */
export async function resolveCommit(git: Git, gitDir: string, name: string): Promise<string | undefined> {
  if (name === '' || name.startsWith('-')) return undefined;
  const candidates = name.startsWith('refs/') ? [name] : [`refs/heads/${name}`, `refs/tags/${name}`];
  if (/^(heads|tags|pull)\//.test(name)) candidates.push(`refs/${name}`);
  if (/^[0-9a-f]{7,40}$/.test(name)) candidates.push(name);
  for (const candidate of candidates) {
    const sha = await git.ask(gitDir, ['rev-parse', '--verify', '--quiet', `${candidate}^{commit}`]);
    if (sha !== undefined && sha !== '') return sha;
  }
  return undefined;
}

/** The names and shas of the refs below a prefix such as refs/heads/. */
export async function listRefs(
  git: Git,
  gitDir: string,
  prefix: string,
): Promise<{ ref: string; sha: string; type: string }[]> {
  const format = '--format=%(objectname) %(objecttype) %(refname)';
  const out = (await git.ask(gitDir, ['for-each-ref', format, prefix])) ?? '';
  return out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [sha = '', type = '', ref = ''] = line.split(' ');
      return { ref, sha, type };
    });
}
