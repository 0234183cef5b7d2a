import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';

import { programAt } from '../processes/find-program.ts';

export interface FindTokenOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The option `github_token_file`; empty: none. */
  readonly file: string;
  /** The option `github_api_url`: `gh` is asked for the token of that host and no other. */
  readonly apiUrl: string;
}

/** The token, with where it is from in words. It is never printed, logged or passed on in arguments. */
export interface TokenSearch {
  readonly held: { readonly token: string; readonly from: string } | undefined;
  /** What a person should set right. */
  readonly warnings: readonly string[];
}

/** Looks for a GitHub token: in the environment, in the file that the configuration names, with `gh`. */
export async function findToken({ env, file, apiUrl }: FindTokenOptions): Promise<TokenSearch> {
  const warnings: string[] = [];
  const take = (text: string, from: string): TokenSearch | undefined => {
    const token = text.trim();
    if (token === '') return undefined;
    if (/^[\x21-\x7e]{1,4096}$/.test(token)) return { held: { token, from }, warnings };
    warnings.push(`the token in ${from} is not used: it holds spaces or line breaks`);
    return undefined;
  };

  for (const name of ['GITHUB_TOKEN', 'GH_TOKEN']) {
    const found = take(env[name] ?? '', name);
    if (found) return found;
  }
  if (file !== '') {
    const read = await readTokenFile(file);
    warnings.push(...read.warnings);
    const found = take(read.text, file);
    if (found) return found;
  }
  return take(await askGh(env, apiUrl), 'gh auth token') ?? { held: undefined, warnings };
}

async function readTokenFile(file: string): Promise<{ text: string; warnings: readonly string[] }> {
  try {
    const { mode } = await stat(file);
    const open = (mode & 0o077) !== 0;
    const warnings = open ? [`${file} can be read by others: chmod 600 ${file}`] : [];
    return { text: await readFile(file, 'utf8'), warnings };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    return { text: '', warnings: [`github_token_file ${file} cannot be read: ${code}`] };
  }
}

/** Empty when there is no `gh`, when nobody is logged in, or when it does not answer in time. */
async function askGh(env: FindTokenOptions['env'], apiUrl: string): Promise<string> {
  const host = hostOf(apiUrl);
  const gh = programAt('gh', env['PATH'], '/');
  if (host === undefined || gh === undefined) return '';
  try {
    const { stdout } = await promisify(execFile)(gh, ['auth', 'token', '--hostname', host], {
      env: { ...env, GH_PROMPT_DISABLED: '1', GH_NO_UPDATE_NOTIFIER: '1' },
      timeout: 5000,
      killSignal: 'SIGKILL',
      maxBuffer: 64 * 1024,
      windowsHide: true,
    });
    return stdout;
  } catch {
    return '';
  }
}

function hostOf(apiUrl: string): string | undefined {
  if (!URL.canParse(apiUrl)) return undefined;
  const { hostname } = new URL(apiUrl);
  return hostname === 'api.github.com' ? 'github.com' : hostname.replace(/^api\.(?=[^.]+\.ghe\.com$)/, '');
}
