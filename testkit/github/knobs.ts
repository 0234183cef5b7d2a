import { randomBytes } from 'node:crypto';
import { createRepo } from './create-repo.ts';
import { addComment, openIssue, renameIssue, rewrite, transferIssue } from './issues.ts';
import type { Comment, Issue, Repo, User } from './model.ts';
import type { GitHubStandIn, IssuePlace } from './stand-in.ts';
import type { World } from './world.ts';

type Knobs = Omit<
  GitHubStandIn,
  'url' | 'apiUrl' | 'folder' | 'requests' | 'invalidBodies' | 'close' | typeof Symbol.asyncDispose
>;

/** What a test turns: people, repositories, issues, faults, delays. Unknown names are mistakes and throw. */
export function knobs(world: World): Knobs {
  const { state } = world;

  function userNamed(login: string): User {
    const user = state.user(login);
    if (user === undefined) throw new Error(`the stand-in knows no user ${login}`);
    return user;
  }
  const someone = (login: string | null): User | null => (login === null ? null : userNamed(login));
  function repo(repository: string): Repo {
    const [owner = '', name = ''] = repository.split('/');
    const found = state.repo(owner, name);
    if (found === undefined) throw new Error(`the stand-in knows no repository ${repository}`);
    return found;
  }
  function issue({ repository, number }: IssuePlace): Issue {
    const found = repo(repository).issues.get(number);
    if (found === undefined) throw new Error(`the stand-in knows no issue ${repository}#${String(number)}`);
    return found;
  }
  function giveToken(user: User, text: string | undefined, scopes: readonly string[] | undefined): string {
    const token = text ?? `ghp_${randomBytes(18).toString('hex')}`;
    const fine = token.startsWith('github_pat_');
    state.tokens.set(token, { text: token, user, scopes: fine ? null : (scopes ?? allScopes) });
    return token;
  }

  return {
    addUser({ login, token, scopes, type, id }) {
      const known = state.user(login);
      const user = known ?? { id: id ?? state.nextId(), login, type: type ?? 'User', createdAt: new Date() };
      if (known === undefined) state.users.push(user);
      return { ...user, token: giveToken(user, token, scopes) };
    },
    addToken: ({ login, token, scopes }) => giveToken(userNamed(login), token, scopes),
    async addRepo(wanted) {
      const owner = userNamed(wanted.owner);
      if (state.repo(wanted.owner, wanted.name) !== undefined) {
        throw new Error(`${wanted.owner}/${wanted.name} exists already`);
      }
      const made = await createRepo(world, {
        owner,
        name: wanted.name,
        private: wanted.private ?? false,
        description: wanted.description,
        defaultBranch: wanted.defaultBranch,
        seedFrom: wanted.seedFrom,
      });
      for (const { login, permission } of wanted.collaborators ?? []) {
        made.collaborators.set(userNamed(login), permission);
      }
      for (const branch of wanted.protectedBranches ?? []) made.protectedBranches.add(branch);
      return made;
    },
    repo,
    addIssue(wanted) {
      const app = wanted.viaApp;
      return openIssue(state, repo(wanted.repository), {
        author: someone(wanted.author),
        title: wanted.title,
        body: wanted.body,
        labels: wanted.labels,
        assignees: (wanted.assignees ?? []).map(userNamed),
        viaApp: app === undefined ? null : { ...app, name: app.slug },
        viaEmail: wanted.viaEmail,
      });
    },
    issue,
    editIssue(change) {
      const changed = issue(change);
      rewrite(changed, change.body, someone(change.as));
      return changed;
    },
    renameIssue(change) {
      const changed = issue(change);
      renameIssue(state, changed, change.title, someone(change.as));
      return changed;
    },
    transferIssue(change) {
      const moved = issue(change);
      transferIssue(state, moved, repo(change.to), someone(change.as));
      return moved;
    },
    deleteIssue(place) {
      const gone = issue(place);
      gone.repo.issues.delete(gone.number);
      gone.repo.goneIssues.set(gone.number, null);
    },
    addComment: (wanted) =>
      addComment(state, issue(wanted), { author: someone(wanted.author), body: wanted.body }),
    editComment({ id, as, body }) {
      const all = state.repos
        .flatMap((each) => [...each.issues.values()])
        .flatMap((each): Comment[] => each.comments);
      const changed = all.find((comment) => comment.id === id);
      if (changed === undefined) throw new Error(`the stand-in knows no comment ${String(id)}`);
      rewrite(changed, body, someone(as));
      return changed;
    },
    fault: (fault) => {
      world.faults.add(fault);
    },
    clearFaults: () => {
      world.faults.clear();
    },
    visibility: (ms) => {
      world.starter.setDelay(ms);
    },
    script: (script) => {
      world.runs.setScript(script);
    },
    rateLimit: ({ login, resource, remaining, resetInSeconds }) => {
      world.limits.set(userNamed(login).login, resource ?? 'core', {
        ...(remaining === undefined ? {} : { remaining }),
        ...(resetInSeconds === undefined ? {} : { resetInSeconds }),
      });
    },
    expireLogs(repository, runId) {
      for (const run of repo(repository).runs) {
        if (runId !== undefined && run.id !== runId) continue;
        for (const attempt of run.attempts) attempt.logsExpired = true;
      }
    },
    logLinkLifetime: (ms) => {
      world.blobs.setLifetime(ms);
    },
    runs: (repository) => repo(repository).runs,
    idle: () => world.runs.idle(),
  };
}

const allScopes = ['repo', 'workflow', 'read:org', 'user', 'delete_repo', 'gist'];
