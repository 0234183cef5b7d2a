import { describe, expect, it } from 'vitest';
import { neutralMessage } from './neutral-message.ts';

describe('a commit message of an agent', () => {
  it.each([
    ['closes no issue', 'Fixes #12', 'Fixes no. 12'],
    ['closes no issue in brackets', 'Mend it (closes #12, #13)', 'Mend it (closes no. 12, no. 13)'],
    ['closes no issue behind a colon', 'Resolves: #7', 'Resolves: no. 7'],
    ['closes nothing elsewhere', 'Closes other/repo#3', 'Closes other/repo# 3'],
    [
      'closes nothing by address',
      'Fixes https://github.com/a/b/issues/9',
      'Fixes https://github.com/a/b/issues 9',
    ],
    ['refers to no pull request by address', 'See https://x.y/a/b/pull/9', 'See https://x.y/a/b/pull 9'],
    ['refers to nothing in the old way', 'Fixes GH-5', 'Fixes GH 5'],
    ['refers to nothing at the start of a line', 'Mend\n\n#12 was it', 'Mend\n\nno. 12 was it'],
    ['calls nobody', 'Thanks @alice and @org/team', 'Thanks @ alice and @ org/team'],
    ['calls nobody at its start', '@alice look', '@ alice look'],
    ['keeps addresses of people', 'Ask me@example.com', 'Ask me@example.com'],
    ['keeps headings, colours and languages', 'C#, #fff and # 12', 'C#, #fff and # 12'],
    ['keeps entities', '&#39;', '&#39;'],
  ])('%s', (_what, text, left) => {
    expect(neutralMessage(text)).toBe(left);
  });

  it.each(['a#12#13', '##12', '@@alice', 'a/b/c#4', 'alice#5', '.#6'])(
    'leaves nothing to act on of %s',
    (text) => {
      const left = neutralMessage(text);
      expect(left).not.toMatch(/#\d|@[a-z]/i);
    },
  );
});
