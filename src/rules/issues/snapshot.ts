import type { IssueHistory, IssueRow } from '../../domain/issue.ts';
import { digestOf } from '../fingerprint.ts';
import type { Ground } from './trust.ts';

/** The same as long as the list tells the same of an issue, and the same people are trusted: its judgement holds. */
export function rowDigest(row: IssueRow, { trust, repositoryId }: Ground): string {
  const { author, app } = row;
  return digestOf([
    trust.digest,
    String(repositoryId),
    String(row.repositoryId ?? ''),
    row.title,
    row.body,
    author ? `${author.id} ${author.type}` : '',
    String(app),
    String(row.open),
    String(row.pullRequest),
    String(row.updatedAt),
  ]);
}

/** What was read of an issue, who wrote and changed it, and when: the same only if nothing happened to it at all. */
export function snapshotOf(history: IssueHistory): string {
  return digestOf([contentOf(history), String(history.updatedAt)]);
}

/** What an issue asks for: another one only when it was changed or opened again. A comment does not change it. */
export function contentOf(history: IssueHistory): string {
  const { author, editor, editedAt, reopened } = history;
  return digestOf([
    String(history.repositoryId),
    String(history.number),
    history.title,
    history.body,
    String(author?.id),
    String(editor?.id),
    String(editedAt),
    String(reopened?.at),
    ...history.editors.map((one) => String(one?.id)),
    'renamed',
    ...history.renamers.map((one) => String(one?.id)),
  ]);
}
