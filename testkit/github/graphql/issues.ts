import type { Comment, Issue, IssueEvent, Written } from '../model.ts';
import { association } from '../show/issue.ts';
import { nodeId } from '../show/site.ts';
import { fullName, iso, isoOrNull } from '../state.ts';
import { actor } from './actors.ts';
import type { Asker } from './asker.ts';
import { commit } from './commits.ts';
import { type Args, connection, type Type } from './execute.ts';

/** An issue or a pull request, with what only GraphQL tells: who edited, renamed and transferred it. */
export function issue(asker: Asker, about: Issue): Type {
  const { site } = asker.world;
  const { pull, repo } = about;
  const type = pull === null ? 'Issue' : 'PullRequest';
  const page = `${site.url}/${fullName(repo)}/${pull === null ? 'issues' : 'pull'}/${String(about.number)}`;
  const comments = (args: Args): Type =>
    connection(
      'IssueComment',
      about.comments.map((each) => comment(asker, each)),
      args,
    );
  return {
    type,
    is: [
      'Node',
      'Comment',
      'Assignable',
      'Closable',
      'Labelable',
      'Lockable',
      'Updatable',
      'IssueOrPullRequest',
    ],
    fields: {
      ...written(asker, about, type),
      number: about.number,
      title: about.title,
      titleHTML: about.title,
      state: pull?.mergedAt != null ? 'MERGED' : about.state.toUpperCase(),
      stateReason: about.stateReason?.toUpperCase() ?? null,
      url: page,
      resourcePath: new URL(page).pathname,
      closed: about.state === 'closed',
      closedAt: isoOrNull(about.closedAt),
      locked: about.locked,
      repository: () => asker.repository(repo),
      authorAssociation: association(about.author, repo),
      labels: (args: Args) =>
        connection(
          'Label',
          about.labels.map(({ id, name, color, description }) => ({
            type: 'Label',
            fields: { id: nodeId('Label', id), name, color, description },
          })),
          args,
        ),
      assignees: (args: Args) =>
        connection(
          'User',
          about.assignees.flatMap((user) => actor(site, user) ?? []),
          args,
        ),
      comments,
      timelineItems: (args: Args) => timeline(asker, about, args),
      ...(pull === null
        ? {}
        : {
            isDraft: pull.draft,
            merged: pull.mergedAt !== null,
            mergedAt: isoOrNull(pull.mergedAt),
            mergedBy: () => actor(site, pull.mergedBy),
            headRefName: pull.head,
            headRefOid: pull.headSha,
            baseRefName: pull.base,
            baseRefOid: pull.baseSha,
            commits: async (args: Args) => {
              const range = `${pull.baseSha}..${pull.headSha}`;
              const commits = (await asker.world.commits.list(repo.gitDir, range)).reverse();
              const rows = commits.map(
                (each): Type => ({
                  type: 'PullRequestCommit',
                  fields: {
                    id: nodeId('PullRequestCommit', each.sha),
                    commit: () => commit(asker, repo, each),
                  },
                }),
              );
              return connection('PullRequestCommit', rows, args);
            },
          }),
    },
  };
}

function comment(asker: Asker, about: Comment): Type {
  const page = `${asker.world.site.url}/${fullName(about.issue.repo)}/issues/${String(about.issue.number)}`;
  return {
    type: 'IssueComment',
    is: ['Node', 'Comment', 'Updatable'],
    fields: {
      ...written(asker, about, 'IssueComment'),
      url: `${page}#issuecomment-${String(about.id)}`,
      issue: () => issue(asker, about.issue),
      authorAssociation: association(about.author, about.issue.repo),
    },
  };
}

/** The fields of everything somebody wrote. */
function written(asker: Asker, text: Written, type: string): Record<string, unknown> {
  const { site } = asker.world;
  const last = text.edits.at(-1);
  return {
    id: nodeId(type, text.id),
    databaseId: text.id,
    fullDatabaseId: String(text.id),
    body: text.body,
    bodyText: text.body,
    bodyHTML: text.body,
    author: () => actor(site, text.author),
    editor: () => actor(site, last?.editor ?? null),
    createdAt: iso(text.createdAt),
    publishedAt: iso(text.createdAt),
    updatedAt: iso(text.updatedAt),
    lastEditedAt: isoOrNull(last?.editedAt ?? null),
    createdViaEmail: text.viaEmail,
    includesCreatedEdit: text.edits.length > 0,
    viewerDidAuthor: text.author === asker.token.user,
    userContentEdits: (args: Args) => connection('UserContentEdit', edits(asker, text, type), args),
  };
}

/** Every edit, the newest first; once there is one, the first text counts as an edit too. */
function edits(asker: Asker, text: Written, type: string): Type[] {
  if (text.edits.length === 0) return [];
  const all = [{ editor: text.author, editedAt: text.createdAt }, ...text.edits].reverse();
  const texts = [text.body, ...text.edits.map(({ before }) => before).reverse()];
  return all.map(
    ({ editor, editedAt }, index): Type => ({
      type: 'UserContentEdit',
      is: ['Node'],
      fields: {
        id: nodeId('UserContentEdit', `${type}${String(text.id)}-${String(all.length - index)}`),
        editor: () => actor(asker.world.site, editor),
        editedAt: iso(editedAt),
        createdAt: iso(editedAt),
        updatedAt: iso(editedAt),
        deletedAt: null,
        deletedBy: null,
        diff: texts[index] ?? '',
      },
    }),
  );
}

const eventTypes: Readonly<Record<IssueEvent['kind'], readonly [type: string, item: string]>> = {
  renamed: ['RenamedTitleEvent', 'RENAMED_TITLE_EVENT'],
  transferred: ['TransferredEvent', 'TRANSFERRED_EVENT'],
  labeled: ['LabeledEvent', 'LABELED_EVENT'],
  unlabeled: ['UnlabeledEvent', 'UNLABELED_EVENT'],
  closed: ['ClosedEvent', 'CLOSED_EVENT'],
  reopened: ['ReopenedEvent', 'REOPENED_EVENT'],
  assigned: ['AssignedEvent', 'ASSIGNED_EVENT'],
  merged: ['MergedEvent', 'MERGED_EVENT'],
};

function timeline(asker: Asker, about: Issue, args: Args): Type {
  const { site } = asker.world;
  const events = about.events.map((event): { at: Date; item: string; row: Type } => {
    const [type, item] = eventTypes[event.kind];
    const fields: Record<string, unknown> = {
      id: nodeId(type, event.id),
      createdAt: iso(event.at),
      actor: () => actor(site, event.actor),
    };
    if (event.kind === 'renamed') {
      fields['previousTitle'] = event.previousTitle ?? '';
      fields['currentTitle'] = event.currentTitle ?? '';
      fields['subject'] = (): Type => issue(asker, about);
    }
    if (event.kind === 'transferred') {
      fields['fromRepository'] = (): Type | null =>
        event.fromRepo === undefined ? null : asker.repository(event.fromRepo);
      fields['issue'] = (): Type => issue(asker, about);
    }
    if (event.label !== undefined) {
      const { name, color } = event.label;
      fields['label'] = { type: 'Label', fields: { name, color } } satisfies Type;
    }
    if (event.kind === 'closed') fields['stateReason'] = about.stateReason?.toUpperCase() ?? null;
    return { at: event.at, item, row: { type, is: ['Node'], fields } };
  });
  const comments = about.comments.map((each) => ({
    at: each.createdAt,
    item: 'ISSUE_COMMENT',
    row: comment(asker, each),
  }));
  const wanted = args['itemTypes'];
  const all = [...events, ...comments].sort((left, right) => left.at.getTime() - right.at.getTime());
  const rows = all
    .filter(({ item }) => !Array.isArray(wanted) || wanted.includes(item))
    .map(({ row }) => row);
  const type = about.pull === null ? 'IssueTimelineItems' : 'PullRequestTimelineItems';
  return connection(type, rows, args, {
    filteredCount: rows.length,
    pageCount: rows.length,
    updatedAt: iso(about.updatedAt),
  });
}
