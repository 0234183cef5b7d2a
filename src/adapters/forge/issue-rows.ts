import type { Actor, IssueRow } from '../../domain/issue.ts';
import { asRow, asText, type Row } from './read-rows.ts';

/** Rows of a list of issues. A row without a number or a time is left out: nothing could be said of it. */
export function readIssueRows(data: unknown): readonly IssueRow[] {
  const rows = Array.isArray(data) ? data.map(asRow) : [];
  return rows.flatMap((row) => (row === undefined ? [] : readIssueRow(row)));
}

function readIssueRow(row: Row): IssueRow[] {
  const number = idOf(row['number']);
  const updatedAt = Date.parse(asText(row['updated_at']));
  if (number === undefined || !Number.isFinite(updatedAt) || typeof row['title'] !== 'string') return [];
  const repository = asRow(row['repository']);
  const slug = asText(repository?.['full_name']);
  return [
    {
      repositoryId: idOf(repository?.['id']),
      slug: slug === '' ? undefined : slug,
      number,
      url: asText(row['html_url']),
      title: row['title'],
      body: asText(row['body']),
      open: row['state'] === 'open',
      pullRequest: row['pull_request'] !== undefined && row['pull_request'] !== null,
      author: readActor(row['user']),
      app: readApp(row['performed_via_github_app']),
      updatedAt,
    },
  ];
}

function readActor(value: unknown): Actor | undefined {
  const row = asRow(value);
  const id = idOf(row?.['id']);
  const type = asText(row?.['type']);
  return id === undefined || type === '' ? undefined : { id, type };
}

/** Null: no app. What is not told, or has no number, is undefined. */
function readApp(value: unknown): number | null | undefined {
  return value === null ? null : idOf(asRow(value)?.['id']);
}

function idOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}
