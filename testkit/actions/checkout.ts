import { execFile } from 'node:child_process';
import { mkdir, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { git, gitEnv } from './git.ts';

export interface CheckoutOrder {
  gitDir: string;
  /** Into which folder; what is there is removed, as actions/checkout does. */
  folder: string;
  sha: string;
  ref: string;
  /** 0 brings the whole history and all refs; anything else the commit alone. */
  depth: number;
  /** What `git remote -v` shows; the objects are borrowed from gitDir, nothing can be pushed there. */
  remoteUrl: string;
}

/** Puts a commit's files and a repository of its own into a folder; a text says what git refused. */
export async function checkOut(order: CheckoutOrder): Promise<string | undefined> {
  if (!(await emptyFolder(order.folder))) return `Repository path '${order.folder}' is a link to elsewhere`;
  const dotGit = path.join(order.folder, '.git');
  await Promise.all([
    mkdir(path.join(dotGit, 'objects', 'info'), { recursive: true }),
    mkdir(path.join(dotGit, 'refs', 'heads'), { recursive: true }),
  ]);
  const branch = /^refs\/heads\/(.+)$/s.exec(order.ref)?.[1];
  await Promise.all([
    writeFile(
      path.join(dotGit, 'objects', 'info', 'alternates'),
      `${path.resolve(order.gitDir, 'objects')}\n`,
    ),
    writeFile(path.join(dotGit, 'config'), config(order.remoteUrl)),
    writeFile(
      path.join(dotGit, 'HEAD'),
      branch === undefined ? `${order.sha}\n` : `ref: refs/heads/${branch}\n`,
    ),
    writeFile(path.join(dotGit, 'packed-refs'), await packedRefs(order, branch)),
    order.depth === 0 ? undefined : writeFile(path.join(dotGit, 'shallow'), `${order.sha}\n`),
  ]);
  return fillFolder(dotGit, order.folder);
}

function config(remoteUrl: string): string {
  const url = JSON.stringify(remoteUrl);
  return [
    '[core]',
    '\trepositoryformatversion = 0',
    '\tbare = false',
    '[gc]',
    '\tauto = 0',
    '[remote "origin"]',
    `\turl = ${url}`,
    '\tfetch = +refs/heads/*:refs/remotes/origin/*',
    '',
  ].join('\n');
}

async function packedRefs(order: CheckoutOrder, branch: string | undefined): Promise<string> {
  const refs = new Map<string, string>();
  if (order.depth === 0) {
    const listing = await git(order.gitDir, [
      'for-each-ref',
      '--format=%(objectname) %(refname)',
      'refs/heads',
      'refs/tags',
    ]);
    for (const line of (listing?.toString() ?? '').split('\n').filter(Boolean)) {
      refs.set(
        line.slice(line.indexOf(' ') + 1).replace(/^refs\/heads\//, 'refs/remotes/origin/'),
        line.slice(0, line.indexOf(' ')),
      );
    }
  }
  if (branch !== undefined) {
    refs.set(`refs/heads/${branch}`, order.sha);
    refs.set(`refs/remotes/origin/${branch}`, order.sha);
  } else if (order.ref.startsWith('refs/tags/') && !refs.has(order.ref)) {
    refs.set(order.ref, order.sha);
  }
  return [...refs].map(([name, sha]) => `${sha} ${name}\n`).join('');
}

function fillFolder(dotGit: string, folder: string): Promise<string | undefined> {
  const args = [`--git-dir=${dotGit}`, `--work-tree=${folder}`, 'read-tree', '--reset', '-u', 'HEAD'];
  return new Promise((resolve) => {
    execFile('git', args, { cwd: folder, env: gitEnv() }, (cause, _stdout, stderr) => {
      resolve(cause ? stderr.trim() || cause.message : undefined);
    });
  });
}

/** False, and nothing touched, when a link on the way leads somewhere else. */
async function emptyFolder(folder: string): Promise<boolean> {
  await mkdir(folder, { recursive: true });
  if ((await realpath(folder)) !== folder) return false;
  const entries = await readdir(folder);
  await Promise.all(entries.map((entry) => rm(path.join(folder, entry), { recursive: true, force: true })));
  return true;
}
