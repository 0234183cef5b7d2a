import { describe, expect, it } from 'vitest';
import { issueRefusals } from '../../domain/issue.ts';
import { isDone, isPassing, readersWords, refusalHint, refusalWords } from './refusal-words.ts';

describe('a refusal', () => {
  it.each(issueRefusals)('of the kind %s has words, and a number where there is one', (reason) => {
    expect(refusalWords({ reason })).toMatch(/^\p{Ll}.+[^.]$/u);
    expect(refusalWords({ reason, id: 7 })).toMatch(/ \(id 7\)$/);
  });

  it.each([
    ['author-not-trusted', 7, 'issue_bots: ["7"]'],
    ['author-not-trusted', undefined, 'issue_bots: ["ID"]'],
    ['author-other-kind', 7, 'issue_bots: ["user:7"]'],
    ['author-other-kind', undefined, 'issue_bots: ["user:ID"]'],
    ['via-app', 7, 'issue_bots: ["app:7"]'],
    ['via-app', undefined, 'issue_bots: ["app:ID"]'],
    ['other-repository', 7, 'where the remote leads'],
    ['edited-by-other', 7, 'open a new issue'],
    ['not-checked', undefined, 'looked at again'],
    ['not-open', undefined, ''],
  ] as const)('%s of %s tells what to do', (reason, id, hint) => {
    expect(refusalHint({ reason, id })).toContain(hint);
  });

  it('passes only when it says more about the moment than about the issue', () => {
    expect(issueRefusals.filter(isPassing)).toEqual(['changed-meanwhile', 'not-checked']);
  });
});

it.each([
  [{ owner: 5, bots: [], apps: [] }, 'the owner (id 5)'],
  [{ owner: 5, bots: [7, 8], apps: [9] }, 'the owner (id 5), bots 7, 8, apps 9'],
  [{ bots: [7], apps: [] }, 'nobody as owner (set issue_owner_id), bots 7'],
])('whose issues are read is told by number: %j', (readers, words) => {
  expect(readersWords(readers)).toBe(words);
});

it('an issue is done while it asks for what landed work answered', () => {
  expect(isDone({ content: 'a', done: undefined })).toBe(false);
  expect(isDone({ content: 'a', done: { content: 'a' } })).toBe(true);
  expect(isDone({ content: 'b', done: { content: 'a' } })).toBe(false);
});
