import { describe, expect, it } from 'vitest';

import { incident } from '../../../test/fakes/memories.ts';
import type { Incident } from '../../domain/memory.ts';
import { addIncidents } from './incidents-file.ts';
import { lintMemory } from './lint-memory.ts';
import { readIncidents } from './read-entries.ts';

function added(text: string | undefined, ...incidents: readonly Incident[]): string {
  const result = addIncidents(text, incidents);
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}
const titlesIn = (text: string): readonly string[] => readIncidents(text).map(({ title }) => title);

const red = incident('the tests failed on CI', '2026-11-01T10:00:00Z');
const claimed = incident('it said green', '2026-11-02T10:00:00Z', {
  trigger: 'over-claim',
  commit: undefined,
});

describe('INCIDENTS.md', () => {
  it('begins with a sentence and its one section', () => {
    const text = added(undefined);
    expect(text).toMatch(/^# Incidents\n\nReal failures only .*\n\n## Entries\n$/);
    expect(lintMemory('incidents', text)).toEqual([]);
  });

  it('has entries of one fixed form', () => {
    expect(added('## Entries\n', red)).toBe(`## Entries

### 2026-11-01T10:00:00Z: the tests failed on CI

- Trigger: red-ci
- Impact: main was red for an hour
- Root Cause: a test used the clock
- Fix: the clock is handed in
- Prevention Rule: never read the clock in a rule
- Evidence: direct: run 12 failed
- Commit: ${'a'.repeat(40)}
- Confidence: medium
- Trust: trusted
`);
  });

  it('has the newest first, each once, and keeps what people wrote', () => {
    const mine = 'Call Ada when it burns.\r\n';
    const text = added(mine, red, claimed);
    expect(text.startsWith(mine)).toBe(true);
    expect(titlesIn(text)).toEqual(['it said green', 'the tests failed on CI']);
    expect(added(text, red, { ...red, at: red.at + 5 }, claimed)).toBe(text);
    expect(lintMemory('incidents', text)).toEqual([]);
  });

  it('has the same failure of another commit, or of nothing landed at another time, again', () => {
    const text = added(undefined, red, claimed);
    const again = [
      { ...red, commit: 'b'.repeat(40) },
      { ...claimed, at: claimed.at + 1000 },
    ];
    expect(titlesIn(added(text, ...again))).toHaveLength(4);
  });

  it('calls the words of others untrusted, and evidence without a label proxy', () => {
    const text = added(undefined, { ...red, trust: undefined, evidence: 'it said so', fix: '' });
    expect(readIncidents(text)).toMatchObject([
      { trust: 'untrusted', evidence: 'proxy: it said so', fix: '' },
    ]);
  });

  it('is left alone when it is half merged', () => {
    expect(addIncidents('>>>>>>> theirs\n', [red])).toMatchObject({
      ok: false,
      failure: { kind: 'conflict-markers', file: 'INCIDENTS.md', line: 1 },
    });
  });
});
