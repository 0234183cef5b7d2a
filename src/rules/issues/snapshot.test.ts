import { describe, expect, it } from 'vitest';
import type { IssueRow } from '../../domain/issue.ts';
import { rowDigest } from './snapshot.ts';
import { readTrust } from './trust.ts';

const viewer = { id: 5, type: 'User' };
const trust = readTrust({ issue_owner_id: 0, issue_bots: [] }, viewer);
const row: IssueRow = {
  repositoryId: 100,
  slug: 'a/b',
  number: 1,
  url: 'https://x',
  title: 'Title',
  body: 'Body',
  open: true,
  pullRequest: false,
  author: viewer,
  app: null,
  updatedAt: 1,
};
const digest = rowDigest(row, { trust, repositoryId: 100 });

describe('the judgement of an issue', () => {
  it('holds when only names change', () => {
    expect(rowDigest({ ...row, slug: 'new/name', url: 'https://y' }, { trust, repositoryId: 100 })).toBe(
      digest,
    );
  });

  it.each<[what: string, change: Partial<IssueRow>]>([
    ['its repository', { repositoryId: 101 }],
    ['what is told of its repository', { repositoryId: undefined }],
    ['its title', { title: 'Titl', body: 'eBody' }],
    ['its body', { body: 'Other' }],
    ['its author', { author: { id: 6, type: 'User' } }],
    ['its author’s kind', { author: { id: 5, type: 'Bot' } }],
    ['its author’s account, which is deleted', { author: undefined }],
    ['the app that typed it', { app: 7 }],
    ['what is told of an app', { app: undefined }],
    ['its state', { open: false }],
    ['its time', { updatedAt: 2 }],
  ])('is made anew when %s changes', (_what, change) => {
    expect(rowDigest({ ...row, ...change }, { trust, repositoryId: 100 })).not.toBe(digest);
  });

  it('is made anew when other people are trusted', () => {
    const more = readTrust(
      { issue_owner_id: 0, issue_bots: ['7', 'app:8', 'no number', '9999999999999999'] },
      viewer,
    );
    expect([...more.accounts.keys()]).toEqual([7, 5]);
    expect(rowDigest(row, { trust: more, repositoryId: 100 })).not.toBe(digest);
  });
});
