import type { Actor, IssueHistory, IssueRow, Refused } from '../../domain/issue.ts';
import { snapshotOf } from './snapshot.ts';
import { type Ground, isTrusted, type Trust } from './trust.ts';
import { readTitle } from './trusted-issue.ts';

/** What the list alone tells against an issue; undefined: its history has to be looked at. */
export function judgeRow(row: IssueRow, ground: Ground): Refused | undefined {
  if (row.pullRequest) return { reason: 'pull-request' };
  if (!row.open) return { reason: 'not-open' };
  if (row.repositoryId !== undefined && row.repositoryId !== ground.repositoryId)
    return { reason: 'other-repository', id: row.repositoryId };
  const author = judgeAuthor(row.author, ground.trust);
  if (author) return author;
  if (row.app === undefined) return { reason: 'not-checked' };
  if (row.app !== null && !ground.trust.apps.has(row.app)) return { reason: 'via-app', id: row.app };
  return readTitle(row.title) === '' ? { reason: 'nothing-to-read' } : undefined;
}

/** What its history tells against an issue; undefined: nothing, and it may be worked on. */
export function judgeHistory(
  row: IssueRow,
  history: IssueHistory | undefined,
  ground: Ground,
): Refused | undefined {
  if (!history) return { reason: 'not-checked' };
  const refused = judgeTold(history, ground);
  if (refused) return refused;
  return differs(row, history) ? { reason: 'changed-meanwhile' } : undefined;
}

/** The same just before the work begins, when it has to be exactly what was judged: `snapshot` says what that was. */
export function judgeAgain(
  snapshot: string,
  history: IssueHistory | undefined,
  ground: Ground | undefined,
): Refused | undefined {
  if (!history || !ground) return { reason: 'not-checked' };
  const refused = judgeTold(history, ground);
  if (refused) return refused;
  return snapshotOf(history) === snapshot ? undefined : { reason: 'changed-meanwhile' };
}

function judgeTold(history: IssueHistory, { trust, repositoryId }: Ground): Refused | undefined {
  if (history.repositoryId !== repositoryId) return { reason: 'other-repository', id: history.repositoryId };
  if (!history.open) return { reason: 'not-open' };
  const author = judgeAuthor(history.author, trust);
  if (author) return author;
  if (history.viaEmail) return { reason: 'via-email' };
  if (history.transferred) return { reason: 'transferred' };
  if (!history.complete) return { reason: 'history-too-long' };
  return judgeHands(history, trust);
}

function differs(row: IssueRow, history: IssueHistory): boolean {
  return (
    row.number !== history.number ||
    row.author?.id !== history.author?.id ||
    row.title !== history.title ||
    row.body !== history.body ||
    row.updatedAt !== history.updatedAt
  );
}

function judgeAuthor(author: Actor | undefined, trust: Trust): Refused | undefined {
  if (author === undefined) return { reason: 'author-unknown' };
  if (isTrusted(trust, author)) return undefined;
  return {
    reason: trust.accounts.has(author.id) ? 'author-other-kind' : 'author-not-trusted',
    id: author.id,
  };
}

/** Whoever ever had a hand in it. Text of a stranger may be left after the next edit of the owner. */
function judgeHands(history: IssueHistory, trust: Trust): Refused | undefined {
  const edited = history.editedAt !== undefined;
  const hands = edited ? [history.editor, ...history.editors] : history.editors;
  const stranger = hands.findIndex((hand) => !isTrusted(trust, hand));
  if (stranger >= 0) return { reason: 'edited-by-other', id: hands[stranger]?.id };
  const renamer = history.renamers.findIndex((hand) => !isTrusted(trust, hand));
  if (renamer >= 0) return { reason: 'renamed-by-other', id: history.renamers[renamer]?.id };
  const { reopened } = history;
  if (reopened !== undefined && !isTrusted(trust, reopened.by))
    return { reason: 'reopened-by-other', id: reopened.by?.id };
  return undefined;
}
