import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkBench, type WorkBench, workflow } from '../work-bench.ts';

describe('GraphQL', () => {
  let bench: WorkBench;
  const shas: Record<string, string> = {};
  beforeAll(async () => {
    bench = await openWorkBench();
    bench.github.addToken({ login: 'alice', token: 'github_pat_fine' });
    for (const [name, command] of [
      ['red', 'exit 1'],
      ['green', 'true'],
    ] as const) {
      await bench.github.addRepo({ owner: 'alice', name, private: true });
      const work = await bench.checkout(name);
      shas[name] = await work.commit(name, workflow(command));
      await work.push(bench.remote(`alice/${name}`), 'main');
    }
    await bench.github.idle();
  });
  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const ask = async (
    query: string,
    token = 'alice-token',
    more: object = {},
  ): Promise<{ data?: unknown; errors?: unknown }> => {
    const answer = await fetch(`${bench.github.url}/api/graphql`, {
      method: 'POST',
      headers: { authorization: `bearer ${token}` },
      body: JSON.stringify({ query, ...more }),
    });
    expect(answer.status).toBe(200);
    return (await answer.json()) as { data?: unknown };
  };
  const rollups = (): string => `
    query Rollups { ${['red', 'green']
      .map(
        (name) => `${name}: repository(owner: "alice", name: "${name}") {
          object(oid: "${shas[name] ?? ''}") { oid ... on Commit { statusCheckRollup { state contexts(first: 50) {
            checkRunCount checkRunCountsByState { state count }
            nodes { __typename ... on CheckRun { name conclusion } ... on StatusContext { context state } } } } } } }`,
      )
      .join('\n')} }`;

  it('rolls up the checks of many commits in one query', async () => {
    const rollup = (name: string, state: string): object => ({
      object: {
        oid: shas[name],
        statusCheckRollup: {
          state,
          contexts: {
            checkRunCount: 1,
            checkRunCountsByState: [{ state, count: 1 }],
            nodes: [{ __typename: 'CheckRun', name: 'test', conclusion: state }],
          },
        },
      },
    });
    expect(await ask(rollups())).toEqual({
      data: { red: rollup('red', 'FAILURE'), green: rollup('green', 'SUCCESS') },
    });
  });

  it('refuses rollups to a fine-grained token', async () => {
    expect(await ask(rollups(), 'github_pat_fine')).toMatchObject({
      data: { red: { object: { statusCheckRollup: null } } },
      errors: [{ type: 'FORBIDDEN', message: 'Resource not accessible by personal access token' }, {}],
    });
  });

  it.each<[what: string, query: string, answer: object]>([
    [
      'a repository that is not there',
      '{ a: repository(owner: "alice", name: "red") { name } b: repository(owner: "x", name: "y") { name } }',
      { data: { a: { name: 'red' }, b: null }, errors: [{ type: 'NOT_FOUND', path: ['b'] }] },
    ],
    [
      'a field that does not exist',
      '{ viewer { login shoeSize } }',
      {
        errors: [
          {
            message: "Field 'shoeSize' doesn't exist on type 'User'",
            extensions: { code: 'undefinedField' },
          },
        ],
      },
    ],
    [
      'an object without selections',
      '{ viewer }',
      { errors: [{ extensions: { code: 'selectionMismatch' } }] },
    ],
    ['text that is no query', '{ viewer { ', { errors: [{ message: 'Unexpected end of document' }] }],
    [
      'a mutation',
      'mutation { closeIssue(input: {}) { clientMutationId } }',
      { errors: [{ message: 'The stand-in answers no mutation' }] },
    ],
    [
      'a fragment nobody defined',
      '{ viewer { ...gone } }',
      { errors: [{ message: 'Fragment gone was used, but not defined' }] },
    ],
  ])('answers %s as GitHub does', async (_what, query, answer) => {
    expect(await ask(query)).toMatchObject(answer);
  });

  it('takes variables, defaults, aliases, @include and @skip, and the named operation', async () => {
    const query = `
      query Other { viewer { databaseId } }
      query Wanted($name: String = "green", $no: Boolean!, $yes: Boolean!) {
        again: repository(owner: "alice", name: $name) {
          title: nameWithOwner # an alias
          isPrivate @include(if: $no)
          isFork @skip(if: $yes)
          defaultBranchRef { name prefix target { ... on Commit { messageHeadline } } }
        }
      }`;
    const answer = await ask(query, 'alice-token', {
      operationName: 'Wanted',
      variables: { no: false, yes: true },
    });
    expect(answer).toEqual({
      data: {
        again: {
          title: 'alice/green',
          defaultBranchRef: { name: 'main', prefix: 'refs/heads/', target: { messageHeadline: 'green' } },
        },
      },
    });
  });

  it('tells an exhausted limit with status 200', async () => {
    bench.github.rateLimit({ login: 'alice', resource: 'graphql', remaining: 0 });
    expect(await ask('{ viewer { login } }')).toMatchObject({ errors: [{ type: 'RATE_LIMITED' }] });
    bench.github.rateLimit({ login: 'alice', resource: 'graphql', remaining: 100 });
    expect(await ask('{ rateLimit { remaining } }')).toEqual({ data: { rateLimit: { remaining: 99 } } });
  });

  it('hides what the caller may not read', async () => {
    expect(await ask('{ repository(owner: "alice", name: "red") { name } }', 'bob-token')).toMatchObject({
      data: { repository: null },
      errors: [{ message: "Could not resolve to a Repository with the name 'alice/red'." }],
    });
  });
});
