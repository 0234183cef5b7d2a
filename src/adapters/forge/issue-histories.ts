import { z } from 'zod';
import type { Actor, IssueHistory } from '../../domain/issue.ts';
import { type IssuePlace, placeKey } from '../../ports/forge-issues.ts';
import { type GraphqlAnswer, soundAliases } from './graphql-answer.ts';

const most = 100;

/** One question about many issues: each under an alias of its own. */
export function historyQuery(places: readonly IssuePlace[]): {
  readonly text: string;
  readonly aliases: ReadonlyMap<string, IssuePlace>;
} {
  const aliases = new Map(places.map((place, index) => [`i${index}`, place]));
  const parts = [...aliases].map(([alias, { slug, number }]) => {
    const [owner = '', name = ''] = slug.split('/');
    return `${alias}: repository(owner: ${JSON.stringify(owner)}, name: ${JSON.stringify(name)}) { databaseId issue(number: ${number}) { ...history } }`;
  });
  return { text: `query Histories { ${parts.join('\n')} }\n${fragments}`, aliases };
}

const fragments = /* GraphQL */ `
fragment history on Issue {
  number title body state updatedAt createdViaEmail lastEditedAt
  author { ...who }
  editor { ...who }
  userContentEdits(first: ${most}) { totalCount nodes { editor { ...who } } }
  timelineItems(first: ${most}, itemTypes: [RENAMED_TITLE_EVENT, TRANSFERRED_EVENT, REOPENED_EVENT]) {
    pageInfo { hasNextPage }
    nodes {
      __typename
      ... on RenamedTitleEvent { createdAt actor { ...who } }
      ... on TransferredEvent { createdAt actor { ...who } }
      ... on ReopenedEvent { createdAt actor { ...who } }
    }
  }
}
fragment who on Actor {
  __typename
  ... on User { databaseId }
  ... on Bot { databaseId }
}`;

const moment = z.string().transform((text, check) => {
  const at = Date.parse(text);
  if (!Number.isFinite(at)) check.addIssue('no time');
  return at;
});
/** An account without a number cannot be told from others, and counts as unknown. */
const actor = z
  .object({ __typename: z.string(), databaseId: z.number().int().positive().nullish() })
  .nullable()
  .transform((who): Actor | undefined =>
    who?.databaseId == null ? undefined : { id: who.databaseId, type: who.__typename },
  );
const event = z.object({
  __typename: z.enum(['RenamedTitleEvent', 'TransferredEvent', 'ReopenedEvent']),
  createdAt: moment,
  actor,
});
const answer = z.object({
  databaseId: z.number().int().positive(),
  issue: z.object({
    number: z.number().int().positive(),
    title: z.string(),
    body: z.string(),
    state: z.enum(['OPEN', 'CLOSED']),
    updatedAt: moment,
    createdViaEmail: z.boolean(),
    lastEditedAt: moment.nullable(),
    author: actor,
    editor: actor,
    userContentEdits: z
      .object({ totalCount: z.number(), nodes: z.array(z.object({ editor: actor })) })
      .nullable(),
    timelineItems: z.object({ pageInfo: z.object({ hasNextPage: z.boolean() }), nodes: z.array(event) }),
  }),
});

/** Every issue that was answered whole. One with anything missing, of another kind or with an error is left out. */
export function readHistories(
  given: GraphqlAnswer,
  aliases: ReadonlyMap<string, IssuePlace>,
): ReadonlyMap<string, IssueHistory> {
  const histories = new Map<string, IssueHistory>();
  for (const [alias, value] of soundAliases(given)) {
    const place = aliases.get(alias);
    const read = answer.safeParse(value);
    if (place && read.success && read.data.issue.number === place.number)
      histories.set(placeKey(place), historyOf(read.data));
  }
  return histories;
}

function historyOf({ databaseId, issue }: z.infer<typeof answer>): IssueHistory {
  const { userContentEdits: edits, timelineItems: timeline } = issue;
  const renamed = timeline.nodes.filter(({ __typename: type }) => type === 'RenamedTitleEvent');
  const reopened = timeline.nodes.findLast(({ __typename: type }) => type === 'ReopenedEvent');
  // An edit whose list is not told is one that we cannot look at.
  const allEdits = edits === null ? issue.lastEditedAt === null : edits.totalCount === edits.nodes.length;
  return {
    repositoryId: databaseId,
    number: issue.number,
    title: issue.title,
    body: issue.body,
    open: issue.state === 'OPEN',
    updatedAt: issue.updatedAt,
    author: issue.author,
    viaEmail: issue.createdViaEmail,
    editedAt: issue.lastEditedAt ?? undefined,
    editor: issue.editor,
    editors: (edits?.nodes ?? []).map(({ editor }) => editor),
    renamers: renamed.map((one) => one.actor),
    transferred: timeline.nodes.some(({ __typename: type }) => type === 'TransferredEvent'),
    reopened: reopened && { by: reopened.actor, at: reopened.createdAt },
    complete: allEdits && !timeline.pageInfo.hasNextPage,
  };
}
