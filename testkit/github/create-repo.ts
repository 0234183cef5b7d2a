import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Git } from './git/git.ts';
import type { Repo, User } from './model.ts';
import type { State } from './state.ts';

/** Makes a repository with its bare git folder, filled from `seedFrom` when given. */
export async function createRepo(
  { state, git }: { state: State; git: Git },
  wanted: {
    owner: User;
    name: string;
    private: boolean;
    description?: string | null | undefined;
    defaultBranch?: string | undefined;
    seedFrom?: string | undefined;
  },
): Promise<Repo> {
  const id = state.nextId();
  const now = new Date();
  const repo: Repo = {
    id,
    owner: wanted.owner,
    name: wanted.name,
    private: wanted.private,
    description: wanted.description ?? null,
    homepage: null,
    archived: false,
    hasIssues: true,
    defaultBranch: wanted.defaultBranch ?? 'main',
    gitDir: state.gitFolder(id),
    createdAt: now,
    updatedAt: now,
    pushedAt: now,
    collaborators: new Map(),
    protectedBranches: new Set(),
    issues: new Map(),
    goneIssues: new Map(),
    lastNumber: 0,
    labels: new Map(),
    actionsEnabled: true,
    workflows: new Map(),
    runs: [],
    checks: [],
    statuses: [],
    formerNames: new Set(),
  };
  state.repos.push(repo);
  await mkdir(repo.gitDir, { recursive: true });
  await git.must(repo.gitDir, [
    'init',
    '--quiet',
    '--bare',
    `--initial-branch=${repo.defaultBranch}`,
    repo.gitDir,
  ]);
  if (wanted.seedFrom !== undefined) {
    const refs = ['+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'];
    try {
      await git.must(repo.gitDir, ['fetch', '--quiet', path.resolve(wanted.seedFrom), ...refs]);
    } catch (failure) {
      state.repos.splice(state.repos.indexOf(repo), 1);
      throw failure;
    }
  }
  return repo;
}

/** The first commit of a repository that is created with a README. */
export async function writeFirstCommit(git: Git, repo: Repo): Promise<void> {
  const text = `# ${repo.name}\n${repo.description === null ? '' : `${repo.description}\n`}`;
  const blob = await git.must(repo.gitDir, ['hash-object', '-w', '--stdin'], text);
  const tree = await git.must(repo.gitDir, ['mktree'], `100644 blob ${blob}\tREADME.md\n`);
  const commit = await git.must(repo.gitDir, ['commit-tree', tree, '-m', 'Initial commit']);
  await git.must(repo.gitDir, ['update-ref', `refs/heads/${repo.defaultBranch}`, commit]);
}
