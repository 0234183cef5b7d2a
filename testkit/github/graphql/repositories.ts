import { listRefs, resolveCommit } from '../git/git.ts';
import type { Issue, Repo } from '../model.ts';
import { nodeId } from '../show/site.ts';
import { fullName, iso } from '../state.ts';
import { actor } from './actors.ts';
import type { Asker } from './asker.ts';
import { commit } from './commits.ts';
import { type Args, connection, FieldProblem, type Type } from './execute.ts';
import { filterIssues } from './filter-issues.ts';

export function repository(asker: Asker, repo: Repo): Type {
  const { site, git, commits } = asker.world;
  const page = `${site.url}/${fullName(repo)}`;
  const all = (): Issue[] => [...repo.issues.values()];

  async function commitNamed(name: string): Promise<Type | null> {
    const sha = await resolveCommit(git, repo.gitDir, name);
    const info = sha === undefined ? undefined : await commits.read(repo.gitDir, sha);
    return info === undefined ? null : commit(asker, repo, info);
  }
  async function ref(name: string): Promise<Type | null> {
    const full = name.startsWith('refs/') ? name : `refs/heads/${name}`;
    const known = (await listRefs(git, repo.gitDir, full)).some((each) => each.ref === full);
    if (!known) return null;
    const cut =
      full.lastIndexOf('/', full.startsWith('refs/heads/') ? 'refs/heads/'.length - 1 : undefined) + 1;
    return {
      type: 'Ref',
      is: ['Node'],
      fields: {
        id: nodeId('Ref', `${String(repo.id)}:${full}`),
        name: full.slice(cut),
        prefix: full.slice(0, cut),
        target: () => commitNamed(full),
      },
    };
  }
  const numbered = (kind: string, args: Args, fits: (each: Issue) => boolean): Type => {
    const number = Number(args['number']);
    const hit = repo.issues.get(number);
    if (hit !== undefined && fits(hit)) return asker.issue(hit);
    throw new FieldProblem('NOT_FOUND', `Could not resolve to ${kind} with the number of ${String(number)}.`);
  };

  return {
    type: 'Repository',
    is: ['Node', 'UniformResourceLocatable'],
    fields: {
      id: nodeId('Repository', repo.id),
      databaseId: repo.id,
      name: repo.name,
      nameWithOwner: fullName(repo),
      owner: () => actor(site, repo.owner),
      description: repo.description,
      isPrivate: repo.private,
      isArchived: repo.archived,
      isFork: false,
      isDisabled: false,
      isEmpty: async () => (await listRefs(git, repo.gitDir, 'refs/heads/')).length === 0,
      hasIssuesEnabled: repo.hasIssues,
      visibility: repo.private ? 'PRIVATE' : 'PUBLIC',
      url: page,
      sshUrl: `git@${new URL(site.url).hostname}:${fullName(repo)}.git`,
      createdAt: iso(repo.createdAt),
      updatedAt: iso(repo.updatedAt),
      pushedAt: iso(repo.pushedAt),
      defaultBranchRef: () => ref(repo.defaultBranch),
      ref: (args: Args) => ref(String(args['qualifiedName'])),
      object: (args: Args) => {
        const oid = args['oid'];
        if (typeof oid === 'string') return commitNamed(oid);
        return commitNamed(String(args['expression']));
      },
      issue: (args: Args) => numbered('an Issue', args, ({ pull }) => pull === null),
      pullRequest: (args: Args) => numbered('a PullRequest', args, ({ pull }) => pull !== null),
      issueOrPullRequest: (args: Args) => numbered('an issue or pull request', args, () => true),
      issues: (args: Args) =>
        connection(
          'Issue',
          filterIssues(all(), args)
            .filter(({ pull }) => pull === null)
            .map((each) => asker.issue(each)),
          args,
        ),
      pullRequests: (args: Args) =>
        connection(
          'PullRequest',
          filterIssues(all(), args)
            .filter(({ pull }) => pull !== null)
            .map((each) => asker.issue(each)),
          args,
        ),
    },
  };
}
