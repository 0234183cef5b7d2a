import { describe, expect, it } from 'vitest';
import type { TrustedIssue } from '../../domain/issue.ts';
import { issueParts } from './issue-parts.ts';

const issue = (number: number, body: string): TrustedIssue => ({
  number,
  url: `https://github.com/a/b/issues/${number}`,
  title: `Title ${number}`,
  body,
  updatedAt: 0,
  snapshot: '',
});

describe('issues in a prompt', () => {
  it('are data, named by their numbers, with one introduction', () => {
    const parts = issueParts([issue(12, 'Body'), issue(13, '')]);
    expect(parts.map(({ source, trust, text }) => [source, trust, text])).toEqual([
      ['issue #12', 'untrusted', 'Title 12\n\nBody'],
      ['issue #13', 'untrusted', 'Title 13'],
    ]);
    expect(parts.map(({ lead }) => lead !== undefined)).toEqual([true, false]);
  });

  it.each([0, 1, 3, 24, 500])('share one budget, also when there are %d', (count) => {
    const parts = issueParts(Array.from({ length: count }, (_, index) => issue(index, 'x'.repeat(50_000))));
    expect(parts.map(({ text }) => text).join('').length).toBeLessThanOrEqual(12_000);
    expect(parts.length).toBe(Math.min(count, 24));
  });
});
