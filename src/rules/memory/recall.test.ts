import { describe, expect, it } from 'vitest';

import { incident, memoryEntry } from '../../../test/fakes/memories.ts';
import type { Halves } from '../../domain/memory.ts';
import { addIncidents } from './incidents-file.ts';
import { addEntries } from './memory-file.ts';
import { openBacklog, preventionRules, recentMemory, repoFacts } from './recall.ts';

function value(made: { ok: boolean; value?: string }): string {
  return made.value ?? '';
}
const about = { repo: 'jwt', objective: 'Sign tokens.', now: 0 };
const memory = value(
  addEntries(
    undefined,
    [
      memoryEntry('use hono', '2026-11-01T10:00:00Z', { followUp: 'drop express' }),
      memoryEntry('keys leak', '2026-11-03T10:00:00Z', { section: 'Known Risks', trust: 'untrusted' }),
      memoryEntry('Node 24.', '2026-11-02T10:00:00Z', { commit: 'a'.repeat(40), why: '' }),
    ],
    about,
  ),
);

describe('recent memory', () => {
  it('is whole entries, newest first, apart by trust', () => {
    expect(recentMemory(memory, 10_000)).toEqual({
      trusted: `- 2026-11-02, Recent Decisions: Node 24. Evidence: local: npm test exited 0. Commit: ${'a'.repeat(40)}. Confidence: high.
- 2026-11-01, Recent Decisions: use hono. Why: it is simpler. Evidence: local: npm test exited 0. Confidence: high. Follow-up: drop express.`,
      untrusted:
        '- 2026-11-03, Known Risks: keys leak. Why: it is simpler. Evidence: local: npm test exited 0. Confidence: high.',
    });
  });

  it('has what people wrote, paragraph by paragraph, then the summary', () => {
    const text = `## Objective
Sign tokens.
## Architecture Snapshot
One process,
two queues.

- 2026-01-01 | three tables | x | untrusted
\`\`\`
a -> b
\`\`\`
## Historical Summary
- Archive: x.md
- 2025-02-01: later (high)
- 2025-03-01: latest (low, untrusted)
- 2025-01-01: first
`;
    expect(recentMemory(text, 1000)).toEqual({
      trusted: `- Architecture Snapshot: One process, two queues.
- Architecture Snapshot: \`\`\` a -> b \`\`\`
- 2025-02-01, summary: later (high)
- 2025-01-01, summary: first`,
      untrusted: `- 2026-01-01, Architecture Snapshot: three tables | x | untrusted
- 2025-03-01, summary: latest (low, untrusted)`,
    });
  });

  it('leaves people their part, however much was decided since', () => {
    const entries = Array.from({ length: 300 }, (_, index) =>
      memoryEntry(`decision ${index} ${'word '.repeat(20)}`, new Date(1.7e12 + index * 1e6).toISOString()),
    );
    const text = value(addEntries('## Architecture Snapshot\nOne process.\n', entries, about));
    const recent = recentMemory(text, 2000);
    expect(recent.trusted).toContain('decision 299 ');
    expect(recent.trusted).not.toContain('decision 0 ');
    expect(recent.trusted).toContain('One process.');
  });
});

describe('prevention rules', () => {
  it('are told newest first, each once, with what they came from', () => {
    const text = value(
      addIncidents(undefined, [
        incident('a', '2026-11-01T10:00:00Z'),
        incident('b', '2026-11-03T10:00:00Z', { prevention: 'Run the tests.', trigger: 'over-claim' }),
        incident('c', '2026-11-02T10:00:00Z', { prevention: 'never  read the clock in a rule.' }),
        incident('d', '2026-11-04T10:00:00Z', { prevention: 'curl x | sh', trust: undefined }),
        incident('e', '2026-11-05T10:00:00Z', { prevention: '' }),
      ]),
    );
    expect(preventionRules(text, 1000)).toEqual({
      trusted:
        '- Run the tests. (over-claim, 2026-11-03)\n- never read the clock in a rule. (red-ci, 2026-11-02)',
      untrusted: '- curl x | sh (red-ci, 2026-11-04)',
    });
  });

  it('are none in a file without entries', () => {
    expect(preventionRules('# x\n', 1000)).toEqual({ trusted: '', untrusted: '' });
  });
});

describe('the open backlog', () => {
  it('is told in its order, without what is done', () => {
    const text =
      '## Candidate Features To Do\n- [ ] One\n- [x] Two\n- [ ] Three (proposed)\n- [ ] Four\n## Insights\n- [ ] no\n';
    expect(openBacklog(text, 1000)).toEqual({ trusted: '- One\n- Four', untrusted: '- Three' });
    expect(openBacklog('', 1000)).toEqual({ trusted: '', untrusted: '' });
  });
});

const begin = '<!-- clone:begin -->\n### Repo Facts\n';
const end = '<!-- clone:end -->\n';
it('repo facts are told in their order, without the date', () => {
  const text = `${begin}\n- Uses pnpm\n- Last updated: 2026-11-20\n  deep\n${end}`;
  expect(repoFacts(text, 1000)).toEqual({ trusted: '- Uses pnpm\ndeep', untrusted: '' });
});

describe('everything for prompts', () => {
  const long = 'word '.repeat(100);
  const entries = Array.from({ length: 400 }, (_, index) =>
    memoryEntry(`decision ${index} ${long}`, new Date(1.7e12 + index * 1e6).toISOString(), {
      trust: index % 2 === 0 ? 'trusted' : 'untrusted',
    }),
  );
  const incidents = entries.map(({ decision, at, trust }) =>
    incident(decision, new Date(at).toISOString(), { prevention: `rule of ${decision}`, trust }),
  );
  const many = Array.from(
    { length: 5000 },
    (_, index) => `- [ ] candidate ${index}${index % 2 ? ' (proposed)' : ''}`,
  );
  const told: readonly [string, (maxChars: number) => Halves, whole: RegExp][] = [
    [
      'memory',
      (max) => recentMemory(value(addEntries(undefined, entries, about)), max),
      /^- 20.*Confidence: high\.$/,
    ],
    [
      'rules',
      (max) => preventionRules(value(addIncidents(undefined, incidents)), max),
      /^- rule of .*\(red-ci, 20.*\)$/,
    ],
    [
      'backlog',
      (max) => openBacklog(`## Candidate Features To Do\n${many.join('\n')}\n`, max),
      /^- candidate \d+$/,
    ],
    [
      'facts',
      (max) => repoFacts(`${begin}${many.join('\n')}\n${end}`, max),
      /^- \[ \] candidate \d+( \(proposed\))?$/,
    ],
  ];
  it.each(told)('is bounded and whole, however much there is: %s', (_what, tell, whole) => {
    for (const max of [0, 10, 100, 1500, 10_000]) {
      const { trusted, untrusted } = tell(max);
      expect(trusted.length + untrusted.length).toBeLessThanOrEqual(max);
      for (const line of `${trusted}\n${untrusted}`.split('\n').filter((one) => one !== ''))
        expect(line).toMatch(whole);
    }
    expect(tell(10_000).trusted.length).toBeGreaterThan(1000);
  });

  it('holds nothing that is hidden', () => {
    const text =
      '## Known Risks\n### 2026-01-01\n- Decision: a\u200b\u202eb <!-- c -->\n\nprose\u0000 \u001b[31mred\n';
    const { trusted, untrusted } = recentMemory(text, 1000);
    expect(untrusted).toBe('- 2026-01-01, Known Risks: ab.');
    expect(trusted).toBe('- Known Risks: prose red');
  });
});
