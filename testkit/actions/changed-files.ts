import { git } from './git.ts';
import type { PushEvent } from './types.ts';

/** The first 300 files that path filters look at; undefined when GitHub gives up and lets the run start. */
export async function changedFiles(push: PushEvent): Promise<string[] | undefined> {
  const { gitDir, after } = push;
  if (push.event === 'pull_request') {
    const base = await baseOf(push);
    return base === undefined ? undefined : names(await git(gitDir, [...diff, `${base}...${after}`, '--']));
  }
  if (isZero(push.before)) return names(await git(gitDir, ['ls-tree', '-r', '-z', '--name-only', after]));
  const count = await git(gitDir, [
    'rev-list',
    '--count',
    '--max-count=1001',
    `${push.before}..${after}`,
    '--',
  ]);
  if (!count || Number(count.toString()) > 1000) return undefined;
  return names(await git(gitDir, [...diff, push.before, after, '--']));
}

/** The sha that stands for a ref that does not exist. */
export function isZero(sha: string): boolean {
  return /^0*$/.test(sha);
}

const diff = ['diff', '--name-only', '-z', '--no-renames'];

async function baseOf(push: PushEvent): Promise<string | undefined> {
  if (!isZero(push.before)) return push.before;
  const branch = push.baseRef?.replace(/^refs\/heads\//, '');
  if (branch === undefined) return undefined;
  const sha = await git(push.gitDir, ['rev-parse', '--verify', '--quiet', `refs/heads/${branch}`]);
  return sha?.toString().trim();
}

function names(output: Buffer | undefined): string[] | undefined {
  return output?.toString().split('\0').slice(0, -1).slice(0, 300);
}
