import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { git } from './git.ts';
import type { PushEvent } from './types.ts';

/** A bare repository for tests; gone when disposed. */
export interface TestRepository extends AsyncDisposable {
  gitDir: string;
  /** Commits exactly these files on a branch and answers with the push that GitHub would see. */
  push(files: Record<string, string>, options?: PushOptions): Promise<PushEvent>;
}

interface PushOptions {
  message?: string | undefined;
  branch?: string | undefined;
  /** Where a new branch starts. */
  from?: string | undefined;
}

const zeros = '0'.repeat(40);

export async function makeTestRepository(): Promise<TestRepository> {
  const gitDir = await mkdtemp(path.join(os.tmpdir(), 'actions-repository-'));
  await git(gitDir, ['init', '--quiet', '--bare', '--initial-branch=main']);
  const tips = new Map<string, string>();
  return {
    gitDir,
    async push(files, { message = 'Change something', branch = 'main', from } = {}) {
      const ref = `refs/heads/${branch}`;
      const before = tips.get(ref) ?? zeros;
      const parent = tips.get(ref) ?? from;
      await git(gitDir, ['fast-import', '--quiet', '--force'], fastImport({ ref, parent, message, files }));
      const after = String(await git(gitDir, ['rev-parse', ref])).trim();
      tips.set(ref, after);
      return { gitDir, ref, before, after, repository: 'octo/cat', actor: 'octo', event: 'push' };
    },
    [Symbol.asyncDispose]: () => rm(gitDir, { recursive: true, force: true }),
  };
}

interface Commit {
  ref: string;
  parent: string | undefined;
  message: string;
  files: Record<string, string>;
}

function fastImport({ ref, parent, message, files }: Commit): string {
  const from = parent === undefined ? [] : [`from ${parent}`];
  const blobs = Object.entries(files).map(([file, text]) => `M 100644 inline ${file}\n${block(text)}`);
  const start = [`commit ${ref}`, 'committer Octo <octo@example.com> 1700000000 +0000', block(message)];
  return [...start, ...from, 'deleteall', ...blobs, ''].join('\n');
}

function block(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}`;
}
