import { describe, expect, it } from 'vitest';
import { commitMessage } from './commit-message.ts';

const trailers = { run: 'r1', session: 's1', task: 't1' };

describe('a commit message of ours', () => {
  it('has a subject, a body and our trailers', () => {
    expect(commitMessage('Add CSV export\n\nBecause people ask.', 'x', trailers)).toBe(
      'Add CSV export\n\nBecause people ask.\n\nClone-Run: r1\nClone-Session: s1\nClone-Task: t1\n',
    );
  });

  it.each([
    ['falls back when the agent says nothing', '', 'Do the task'],
    ['falls back when only skip words are said', '[skip ci]', 'Do the task'],
    ['drops a Markdown heading', '## Fix it', 'Fix it'],
    ['drops control and direction characters', 'Fix\u202E it\u0007', 'Fix it'],
    ['cuts a subject of more than 72 characters', 'x'.repeat(100), `${'x'.repeat(71)}…`],
  ])('%s', (_when, proposed, subject) => {
    expect(commitMessage(proposed, 'Do the task', trailers).split('\n')[0]).toBe(subject);
  });

  it.each(['[skip ci]', '[CI SKIP]', '[no ci]', '[skip actions]', '[actions skip]'])(
    'never carries %s',
    (word) => {
      expect(commitMessage(`Fix ${word}\n\nand ${word}`, 'x', trailers)).not.toContain(word);
    },
  );

  it('never carries trailers that the agent made up', () => {
    const message = commitMessage(
      'Fix\n\nskip-checks: true\nClone-Session: other\nSigned-off-by: Boss <b@x>',
      'x',
      { ...trailers, turn: 'ci-fix' },
    );
    expect(message).toBe('Fix\n\nClone-Run: r1\nClone-Session: s1\nClone-Task: t1\nClone-Turn: ci-fix\n');
  });

  it('closes what it is told to close, and nothing that the agent says', () => {
    const message = commitMessage('Fix #3\n\nCloses #12', 'x', { ...trailers, closes: [12, 14] });
    expect(message).toBe(
      'Fix no. 3\n\nCloses no. 12\n\nCloses #12\nCloses #14\n\nClone-Run: r1\nClone-Session: s1\nClone-Task: t1\n',
    );
  });

  it('says something even when there is nothing to say', () => {
    expect(commitMessage('', '', { run: 'r', session: 's' }).split('\n')[0]).toBe('Change');
  });
});
