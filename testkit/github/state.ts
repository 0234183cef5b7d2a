import path from 'node:path';
import type { App, Issue, Repo, Token, User } from './model.ts';

/** Everything one stand-in remembers, and the few ways to find it. Logins and names ignore case, as on GitHub. */
export interface State {
  readonly folder: string;
  readonly users: User[];
  readonly tokens: Map<string, Token>;
  readonly repos: Repo[];
  nextId(): number;
  user(login: string): User | undefined;
  /** The repository that has this name now. */
  repo(owner: string, name: string): Repo | undefined;
  /** The repository that once had this name. */
  renamedRepo(owner: string, name: string): Repo | undefined;
  gitFolder(id: number): string;
}

export function createState(folder: string): State {
  const users: User[] = [];
  const repos: Repo[] = [];
  let lastId = 1000;
  return {
    folder,
    users,
    tokens: new Map(),
    repos,
    nextId: () => ++lastId,
    user: (login) => users.find((user) => same(user.login, login)),
    repo: (owner, name) => repos.find((repo) => same(repo.owner.login, owner) && same(repo.name, name)),
    renamedRepo: (owner, name) =>
      repos.find((repo) => repo.formerNames.has(`${owner}/${name}`.toLowerCase())),
    gitFolder: (id) => path.join(folder, `${String(id)}.git`),
  };
}

export const actionsApp: App = { id: 15368, slug: 'github-actions', name: 'GitHub Actions' };

export function fullName(repo: Repo): string {
  return `${repo.owner.login}/${repo.name}`;
}

/** Every issue of every repository, pull requests included, newest first. */
export function allIssues(state: Pick<State, 'repos'>): Issue[] {
  return state.repos
    .flatMap((repo) => [...repo.issues.values()])
    .sort((left, right) => right.createdAt.getTime() - left.createdAt.getTime() || right.id - left.id);
}

/** `2026-11-20T21:00:00Z`, as GitHub writes moments. */
export function iso(at: Date): string {
  return `${at.toISOString().slice(0, 19)}Z`;
}

export function isoOrNull(at: Date | null): string | null {
  return at === null ? null : iso(at);
}

function same(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
