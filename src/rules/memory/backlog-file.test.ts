import { describe, expect, it } from 'vitest';

import type { BacklogNews } from '../../domain/memory.ts';
import { updateBacklog } from './backlog-file.ts';
import { lintMemory } from './lint-memory.ts';
import { openBacklog } from './recall.ts';

const at = Date.parse('2026-11-20T21:00:00Z');
function updated(text: string | undefined, news: Partial<BacklogNews>, seed?: readonly string[]): string {
  const result = updateBacklog(text, { implemented: [], candidates: [], insights: [], ...news }, seed);
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}
const done = (title: string): BacklogNews['implemented'] => [
  { at, title, evidence: 'local: npm test exited 0' },
];

describe('CLONE_FEATURES.md', () => {
  it('begins with its three sections and the seed', () => {
    const text = updated(undefined, {}, ['Support PEM keys', 'support pem keys.', 'Write a CLI']);
    expect(text).toBe(`# Backlog

What could be done next, and what was done. Order and edit it freely; what an agent proposed says so.

## Candidate Features To Do

- [ ] Support PEM keys
- [ ] Write a CLI

## Implemented

## Insights
`);
    expect(lintMemory('backlog', text)).toEqual([]);
  });

  it('is seeded once', () => {
    const text = updated(undefined, {}, ['Support PEM keys']);
    expect(updated(text, {}, ['Something else'])).toBe(text);
  });

  it.each<[what: string, box: string, title: string]>([
    ['the same words', '- [ ] Support PEM keys', 'Support PEM keys'],
    ['other letters and marks', '- [ ] **support `PEM` keys**.', 'Support PEM keys'],
    ['a title with more behind it', '- [ ] Support PEM keys: RSA first', 'support pem keys'],
    ['a place in the code', '- [ ] Support PEM keys (src/keys.ts:12)', 'Support PEM keys'],
    ['the mark of a proposal', '* [ ] Support PEM keys (proposed)', 'Support PEM keys'],
  ])('moves an open box that is done, with %s', (_what, box, title) => {
    const text = updated(`## Candidate Features To Do\n\n- [ ] Stay\n${box}\n- [ ] Stay, too\n`, {
      implemented: done(title),
    });
    expect(text).toBe(`## Candidate Features To Do

- [ ] Stay
- [ ] Stay, too

## Implemented

- 2026-11-20: ${title} (local: npm test exited 0)
`);
    expect(updated(text, { implemented: done(title) })).toBe(text);
  });

  it('ticks a box that people wrote notes under where it is', () => {
    const text =
      '## Candidate Features To Do\r\n- [ ] Support PEM keys\r\n  ask Ada first\r\n\r\n## Implemented\r\n';
    expect(updated(text, { implemented: done('support pem keys') })).toBe(
      '## Candidate Features To Do\r\n- [x] Support PEM keys\r\n  ask Ada first\r\n\r\n## Implemented\r\n\r\n- 2026-11-20: support pem keys (local: npm test exited 0)\r\n',
    );
  });

  it('has what is implemented newest first, beside what people wrote there', () => {
    const text = updated('## Implemented\n\nSince the fork:\n\n- 2026-10-01: Older\n- 2026-12-01: Newer\n', {
      implemented: [...done('Now'), { at: at - 86_400_000, title: 'Yesterday', evidence: '' }],
    });
    expect(text).toBe(`## Implemented

Since the fork:

- 2026-11-20: Now (local: npm test exited 0)
- 2026-11-19: Yesterday (proxy: none)
- 2026-10-01: Older
- 2026-12-01: Newer
`);
  });

  it.each<[known: string, text: string]>([
    ['open', '## Candidate Features To Do\n- [ ] Support PEM keys\n'],
    ['ticked', '## Candidate Features To Do\n- [x] support pem keys!\n'],
    [
      'implemented',
      '## Candidate Features To Do\n## Implemented\n- 2026-01-01: Support PEM keys (local: x)\n',
    ],
  ])('does not propose what is %s', (_known, text) => {
    expect(updated(text, { candidates: ['Support PEM keys'] })).toBe(text);
  });

  it('has candidates once, at the end, and says that they are proposals', () => {
    const text = '# Mine\n\n## Candidate Features To Do\n\nAda orders these.\n\n- [ ] First\n  note\n';
    const more = updated(text, { candidates: ['Second', 'second', ' ', 'Third\n## Insights'] });
    expect(more).toBe(`${text}- [ ] Second (proposed)\n- [ ] Third ## Insights (proposed)\n`);
    expect(updated(more, { candidates: ['Second'] })).toBe(more);
    expect(openBacklog(more, 1000)).toEqual({
      trusted: '- First',
      untrusted: '- Second\n- Third ## Insights',
    });
  });

  it('is not flooded with proposals', () => {
    const candidates = Array.from({ length: 500 }, (_, index) => `candidate ${index}`);
    const text = updated(undefined, { candidates });
    expect(text.split('\n').filter((line) => line.startsWith('- [ ]'))).toHaveLength(200);
    expect(updated(text, { candidates: ['one more'] })).toBe(text);
  });

  it('has insights once, the newest first', () => {
    const text = updated(undefined, { insights: ['CI takes 4 minutes'] });
    const more = updated(text, { insights: ['ci takes 4 minutes.', 'Tests need Redis'] });
    expect(more).toContain('## Insights\n\n- Tests need Redis\n- CI takes 4 minutes\n');
  });

  it('gets its sections in their order when it has none', () => {
    const text = updated('My list', { implemented: done('One'), candidates: ['Two'], insights: ['Three'] });
    expect(text.split('\n').filter((line) => line !== '')).toEqual([
      'My list',
      '## Candidate Features To Do',
      '- [ ] Two (proposed)',
      '## Implemented',
      '- 2026-11-20: One (local: npm test exited 0)',
      '## Insights',
      '- Three',
    ]);
  });

  it('changes nothing when there is no news, and nothing in a code block', () => {
    const text = '## Candidate Features To Do\n```\n- [ ] One\n```\n- [x] Two\n\n\n## Implemented';
    expect(updated(text, {})).toBe(text);
    expect(updated(text, { implemented: done('One') })).toBe(
      `${text}\n\n- 2026-11-20: One (local: npm test exited 0)\n`,
    );
  });

  it('is left alone when it is half merged', () => {
    const news = { implemented: done('x'), candidates: [], insights: [] };
    expect(updateBacklog('||||||| base\n', news)).toMatchObject({
      ok: false,
      failure: { kind: 'conflict-markers', file: 'CLONE_FEATURES.md' },
    });
  });
});
