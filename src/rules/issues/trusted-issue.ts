import type { IssueRow, TrustedIssue } from '../../domain/issue.ts';
import { sanitise } from '../untrusted.ts';
import { readVisible } from './visible-text.ts';

export const longestTitle = 200;
export const longestBody = 16_384;
const leftOut = '\n\n[What the page of the issue does not show was left out.]';

/** So many of one repository are offered to one visit, the oldest first. */
export const mostIssues = 20;

/** An accepted issue as a prompt may have it: what a reader sees, on one line and cut where it is too long. */
export function trustedIssue(row: IssueRow, snapshot: string): TrustedIssue {
  const title = readTitle(row.title);
  const body = readVisible(row.body);
  return {
    number: row.number,
    url: row.url,
    title,
    body: body.hidden
      ? `${sanitise(body.text, { maxChars: longestBody - leftOut.length })}${leftOut}`
      : sanitise(body.text, { maxChars: longestBody }),
    updatedAt: row.updatedAt,
    snapshot,
  };
}

/** A title is plain text on its page, and one line here. */
export function readTitle(title: string): string {
  const line = sanitise(title, { maxChars: 10_000 }).replace(/\s+/g, ' ').trim();
  return sanitise(line, { maxChars: longestTitle }).replace(/\s+/g, ' ');
}
