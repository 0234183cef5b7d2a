import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkBench, type WorkBench } from './work-bench.ts';

const repo = { owner: 'alice', repo: 'demo' };

const editors = /* GraphQL */ `
  query IssueEditors($owner: String!, $name: String!, $number: Int!) {
    repository(owner: $owner, name: $name) {
      databaseId
      issue(number: $number) {
        databaseId
        title
        body
        lastEditedAt
        includesCreatedEdit
        createdViaEmail
        author { ...who }
        editor { ...who }
        userContentEdits(first: 10) { totalCount nodes { editedAt editor { ...who } } }
        timelineItems(first: 50, itemTypes: [RENAMED_TITLE_EVENT, TRANSFERRED_EVENT]) {
          totalCount
          nodes {
            __typename
            ... on RenamedTitleEvent { previousTitle currentTitle actor { ...who } }
            ... on TransferredEvent { fromRepository { nameWithOwner } actor { ...who } }
          }
        }
      }
    }
  }
  fragment who on Actor { __typename login ... on User { databaseId } ... on Bot { databaseId } }
`;

interface Editors {
  repository: {
    issue: {
      lastEditedAt: string | null;
      editor: { login: string; databaseId: number } | null;
      author: { login: string; __typename: string; databaseId: number } | null;
      userContentEdits: { totalCount: number; nodes: { editor: { login: string } }[] };
      timelineItems: { totalCount: number; nodes: Record<string, unknown>[] };
    };
  };
}

describe('issues', () => {
  let bench: WorkBench;
  beforeAll(async () => {
    bench = await openWorkBench();
    const { github } = bench;
    github.addUser({ login: 'renovate[bot]', type: 'Bot', id: 29_139_614 });
    await github.addRepo({ owner: 'alice', name: 'demo' });
    await github.addRepo({ owner: 'bob', name: 'elsewhere' });
  });
  afterAll(async () => {
    expect(bench.github.invalidBodies).toEqual([]);
    await bench[Symbol.asyncDispose]();
  });

  const ask = async (number: number): Promise<Editors['repository']['issue']> => {
    const answer = await bench
      .as('alice-token')
      .graphql<Editors>(editors, { owner: 'alice', name: 'demo', number });
    return answer.repository.issue;
  };

  it('an untouched one has no editor and no events', async () => {
    const { number } = bench.github.addIssue({
      repository: 'alice/demo',
      author: 'alice',
      title: 'plain',
      body: 'text',
    });
    expect(await ask(number)).toMatchObject({
      title: 'plain',
      body: 'text',
      author: { login: 'alice', __typename: 'User' },
      editor: null,
      lastEditedAt: null,
      includesCreatedEdit: false,
      createdViaEmail: false,
      userContentEdits: { totalCount: 0, nodes: [] },
      timelineItems: { totalCount: 0, nodes: [] },
    });
  });

  it('tells by GraphQL who edited, renamed and transferred it, where REST says nothing', async () => {
    const { github } = bench;
    const born = github.addIssue({
      repository: 'bob/elsewhere',
      author: 'alice',
      title: 'old',
      body: 'mine',
    });
    const { number } = github.transferIssue({
      repository: 'bob/elsewhere',
      number: born.number,
      to: 'alice/demo',
      as: 'bob',
    });
    github.editIssue({ repository: 'alice/demo', number, as: 'bob', body: 'not mine' });
    github.renameIssue({ repository: 'alice/demo', number, as: 'bob', title: 'new' });

    const told = await ask(number);
    expect(told.editor).toMatchObject({ login: 'bob', __typename: 'User' });
    expect(told.lastEditedAt).not.toBeNull();
    expect(told.userContentEdits.nodes.map(({ editor }) => editor.login)).toEqual(['bob', 'alice']);
    expect(told.timelineItems.nodes).toMatchObject([
      {
        __typename: 'TransferredEvent',
        fromRepository: { nameWithOwner: 'bob/elsewhere' },
        actor: { login: 'bob' },
      },
      { __typename: 'RenamedTitleEvent', previousTitle: 'old', currentTitle: 'new', actor: { login: 'bob' } },
    ]);
    const rest = await bench.as('alice-token').issues.get({ ...repo, issue_number: number });
    expect(rest.data.user?.login).toBe('alice');
    expect(JSON.stringify(rest.data)).not.toContain('"bob"');
  });

  it('one that moved leads from its old place to the new one, and a deleted one is gone', async () => {
    const { github } = bench;
    const moved = github.addIssue({ repository: 'bob/elsewhere', author: 'bob', title: 'moves' });
    const old = moved.number;
    github.transferIssue({ repository: 'bob/elsewhere', number: old, to: 'alice/demo', as: 'bob' });
    const found = await bench
      .as('alice-token')
      .issues.get({ owner: 'bob', repo: 'elsewhere', issue_number: old });
    expect(found.data).toMatchObject({
      title: 'moves',
      number: moved.number,
      repository_url: `${github.apiUrl}/repos/alice/demo`,
    });
    github.deleteIssue({ repository: 'alice/demo', number: moved.number });
    await expect(
      bench.as('alice-token').issues.get({ ...repo, issue_number: moved.number }),
    ).rejects.toMatchObject({ status: 410 });
  });

  it('a bot is called by its slug in GraphQL and with [bot] in REST', async () => {
    const { number } = bench.github.addIssue({
      repository: 'alice/demo',
      author: 'renovate[bot]',
      title: 'update',
    });
    expect((await ask(number)).author).toEqual({
      __typename: 'Bot',
      login: 'renovate',
      databaseId: 29_139_614,
    });
    const rest = await bench.as('alice-token').issues.get({ ...repo, issue_number: number });
    expect(rest.data.user).toMatchObject({ login: 'renovate[bot]', type: 'Bot', id: 29_139_614 });
  });

  it('names the app that wrote one for its author, and nobody for a deleted account', async () => {
    const viaApp = { id: 77, slug: 'some-agent' };
    const typed = bench.github.addIssue({
      repository: 'alice/demo',
      author: 'alice',
      title: 'typed',
      viaApp,
    });
    const ghost = bench.github.addIssue({ repository: 'alice/demo', author: null, title: 'ghost' });
    const get = (issue_number: number): Promise<{ data: object }> =>
      bench.as('alice-token').issues.get({ ...repo, issue_number });
    expect((await get(typed.number)).data).toMatchObject({ performed_via_github_app: { id: 77 } });
    expect((await get(ghost.number)).data).toMatchObject({ user: null });
    expect((await ask(ghost.number)).author).toBeNull();
  });

  it('tells what a reader sees, beside what was written', async () => {
    const body = 'Please fix.<!-- and run this --> <b>Thanks</b>';
    const { number } = bench.github.addIssue({
      repository: 'alice/demo',
      author: 'alice',
      title: 'hidden',
      body,
    });
    const full = await bench
      .as('alice-token')
      .issues.get({ ...repo, issue_number: number, mediaType: { format: 'full' } });
    expect(full.data).toMatchObject({ body, body_text: 'Please fix. Thanks' });
  });

  it('are opened, commented, labelled, closed and listed as on GitHub', async () => {
    const alice = bench.as('alice-token');
    const bob = bench.as('bob-token');
    const { data: made } = await alice.issues.create({
      ...repo,
      title: 'work',
      body: 'please',
      labels: ['bug'],
    });
    expect(made).toMatchObject({ state: 'open', author_association: 'OWNER', labels: [{ name: 'bug' }] });
    const comment = await bob.issues.createComment({ ...repo, issue_number: made.number, body: 'me too' });
    expect(comment.data).toMatchObject({ user: { login: 'bob' }, author_association: 'NONE' });
    await alice.issues.updateComment({ ...repo, comment_id: comment.data.id, body: 'edited by alice' });
    await alice.issues.update({
      ...repo,
      issue_number: made.number,
      state: 'closed',
      state_reason: 'not_planned',
    });
    await alice.issues.addLabels({ ...repo, issue_number: made.number, labels: ['later'] });

    const closed = await alice.issues.listForRepo({
      ...repo,
      state: 'closed',
      creator: 'alice',
      labels: 'later',
    });
    expect(closed.data).toMatchObject([
      { number: made.number, state_reason: 'not_planned', closed_by: { login: 'alice' }, comments: 1 },
    ]);
    const timeline = await alice.issues.listEventsForTimeline({ ...repo, issue_number: made.number });
    expect(timeline.data.map((row) => row.event)).toEqual(['labeled', 'commented', 'closed', 'labeled']);
    const mine = await alice.issues.list({ filter: 'created', state: 'all' });
    expect(mine.data.every((issue) => issue.user?.login === 'alice')).toBe(true);
    expect(mine.data).toContainEqual(expect.objectContaining({ number: made.number }));
    const hits = await alice.search.issuesAndPullRequests({
      q: 'user:alice author:app/renovate is:open',
      advanced_search: 'true',
    });
    expect(hits.data.items).toMatchObject([{ title: 'update' }]);

    interface Comments {
      repository: { issue: { comments: { nodes: { body: string; editor: { login: string } | null }[] } } };
    }
    const query = `{ repository(owner: "alice", name: "demo") { issue(number: ${String(made.number)}) { comments(last: 5) { nodes { body editor { login } } } } } }`;
    const { repository } = await alice.graphql<Comments>(query);
    expect(repository.issue.comments.nodes).toEqual([
      { body: 'edited by alice', editor: { login: 'alice' } },
    ]);
  });

  it('the viewer sees its own across repositories, newest change first', async () => {
    interface Viewer {
      viewer: {
        login: string;
        issues: {
          totalCount: number;
          pageInfo: { hasNextPage: boolean; endCursor: string };
          nodes: { number: number; repository: { nameWithOwner: string } }[];
        };
      };
    }
    const query = `query ($after: String) { viewer { login issues(first: 2, after: $after, states: OPEN, orderBy: {field: UPDATED_AT, direction: DESC}) {
      totalCount pageInfo { hasNextPage endCursor } nodes { number repository { nameWithOwner } } } } }`;
    const alice = bench.as('alice-token');
    const first = await alice.graphql<Viewer>(query);
    expect(first.viewer).toMatchObject({ login: 'alice', issues: { pageInfo: { hasNextPage: true } } });
    expect(first.viewer.issues.nodes).toHaveLength(2);
    const rest = await alice.graphql<Viewer>(query, { after: first.viewer.issues.pageInfo.endCursor });
    expect(first.viewer.issues.totalCount).toBe(2 + rest.viewer.issues.nodes.length);
  });
});
