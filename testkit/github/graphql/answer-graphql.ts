import type { Token } from '../model.ts';
import { allows, effectivePermission } from '../permissions.ts';
import { nodeId } from '../show/site.ts';
import { allIssues } from '../state.ts';
import type { World } from '../world.ts';
import { actor } from './actors.ts';
import type { Asker } from './asker.ts';
import { type Answer, type Args, connection, execute, FieldProblem, type Type } from './execute.ts';
import { filterIssues } from './filter-issues.ts';
import { issue } from './issues.ts';
import { parseDocument, SyntaxProblem } from './parse.ts';
import { repository } from './repositories.ts';

/** Answers one GraphQL request: what it selects, no more; queries only. */
export async function answerGraphql(
  world: World,
  token: Token,
  body: Readonly<Record<string, unknown>>,
): Promise<Answer> {
  const query = body['query'];
  if (typeof query !== 'string') {
    return { errors: [{ message: 'A query attribute must be specified and must be a string.' }] };
  }
  try {
    const document = parseDocument(query);
    const named = document.operations.find(({ name }) => name !== null && name === body['operationName']);
    const operation = named ?? document.operations[0]!;
    if (operation.kind !== 'query') {
      return { errors: [{ message: `The stand-in answers no ${operation.kind}` }] };
    }
    const given = body['variables'];
    const variables = typeof given === 'object' && given !== null ? (given as Record<string, unknown>) : {};
    const asker: Asker = {
      world,
      token,
      repository: (repo) => repository(asker, repo),
      issue: (about) => issue(asker, about),
    };
    return await execute(document, operation, variables, queryRoot(asker));
  } catch (failure) {
    if (failure instanceof SyntaxProblem) return { errors: [{ message: failure.message }] };
    throw failure;
  }
}

function queryRoot(asker: Asker): Type {
  const { world, token } = asker;
  return {
    type: 'Query',
    fields: {
      viewer: () => viewer(asker),
      repository: (args: Args) => {
        const [owner, name] = [String(args['owner']), String(args['name'])];
        const followed = args['followRenames'] === false ? undefined : world.state.renamedRepo(owner, name);
        const repo = world.state.repo(owner, name) ?? followed;
        if (repo !== undefined && allows(effectivePermission(repo, token), 'read'))
          return repository(asker, repo);
        throw new FieldProblem(
          'NOT_FOUND',
          `Could not resolve to a Repository with the name '${owner}/${name}'.`,
        );
      },
      user: (args: Args) => {
        const user = world.state.user(String(args['login']));
        if (user?.type === 'User') return actor(world.site, user);
        throw new FieldProblem(
          'NOT_FOUND',
          `Could not resolve to a User with the login of '${String(args['login'])}'.`,
        );
      },
      node: (args: Args) => nodeNamed(asker, String(args['id'])),
      nodes: (args: Args) => {
        const ids: unknown = args['ids'];
        return Array.isArray(ids) ? ids.map((id) => nodeNamed(asker, String(id))) : [];
      },
      rateLimit: () => {
        const { limit, used, reset } = world.limits.budget(token, 'graphql');
        const fields = {
          limit,
          used,
          remaining: limit - used,
          cost: 1,
          nodeCount: 1,
          resetAt: new Date(reset * 1000).toISOString(),
        };
        return { type: 'RateLimit', fields };
      },
    },
  };
}

function viewer(asker: Asker): Type {
  const { world, token } = asker;
  const me = actor(world.site, token.user)!;
  const readable = world.state.repos.filter((repo) => allows(effectivePermission(repo, token), 'read'));
  const mine = (args: Args, pulls: boolean): Type => {
    const rows = filterIssues(
      allIssues(world.state).filter(
        (each) =>
          each.author === token.user && (each.pull !== null) === pulls && readable.includes(each.repo),
      ),
      args,
    );
    return connection(
      pulls ? 'PullRequest' : 'Issue',
      rows.map((each) => issue(asker, each)),
      args,
    );
  };
  return {
    ...me,
    fields: {
      ...me.fields,
      isViewer: true,
      issues: (args: Args) => mine(args, false),
      pullRequests: (args: Args) => mine(args, true),
      repositories: (args: Args) => {
        const order = args['orderBy'] as { field?: string; direction?: string } | undefined;
        const rows = readable.filter((repo) => repo.owner === token.user);
        if (order?.field === 'PUSHED_AT')
          rows.sort((left, right) => left.pushedAt.getTime() - right.pushedAt.getTime());
        else rows.sort((left, right) => left.name.localeCompare(right.name));
        if (order?.direction === 'DESC') rows.reverse();
        return connection(
          'Repository',
          rows.map((repo) => repository(asker, repo)),
          args,
        );
      },
    },
  };
}

function nodeNamed(asker: Asker, id: string): Type | null {
  const { state } = asker.world;
  const readable = state.repos.filter((repo) => allows(effectivePermission(repo, asker.token), 'read'));
  const repo = readable.find((each) => nodeId('Repository', each.id) === id);
  if (repo !== undefined) return repository(asker, repo);
  for (const each of readable) {
    for (const about of each.issues.values()) {
      if (nodeId(about.pull === null ? 'Issue' : 'PullRequest', about.id) === id) return issue(asker, about);
    }
  }
  throw new FieldProblem('NOT_FOUND', `Could not resolve to a node with the global id of '${id}'`);
}
