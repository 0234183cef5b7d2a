import { describe, expect, it } from 'vitest';

import type { MemoryKind } from '../../domain/memory.ts';
import { lintMemory } from './lint-memory.ts';

const entry = `### 2026-11-01T10:00:00Z

- Decision: use hono
- Why: it is simpler
- Evidence: local: npm test exited 0
- Commit: none
- Confidence: high
- Trust: trusted
- Follow-up: none
`;
const memory = `## Recent Decisions\n\n${entry}`;
const incident = `## Entries

### 2026-11-01: CI failed

- Trigger: red-ci
- Impact: main was red
- Root Cause: x
- Fix: y
- Prevention Rule: z
- Evidence: direct: run 12
- Commit: 0123abc
- Confidence: low
`;
const backlog =
  '## Candidate Features To Do\n\n- [ ] One\n\n## Implemented\n\n- 2026-11-01: Two (local: x)\n';

function told(kind: MemoryKind, text: string): readonly string[] {
  return lintMemory(kind, text).map(({ line, message }) => `${line}: ${message}`);
}

describe('a file that remembers', () => {
  it.each<[MemoryKind, string, string]>([
    ['memory', 'is empty', ''],
    ['memory', 'has the format', memory],
    ['memory', 'has it in CRLF with a mark', `\uFEFF${memory.replaceAll('\n', '\r\n')}`],
    [
      'memory',
      'has words of people between',
      `# x\n\nHm.\n${memory}\nMore: words\n- a bullet\n### A heading\n- Why: so\n`,
    ],
    ['memory', 'has entries of its own elsewhere', '## Mine\n### 2026-99-99\n- Decision: x\n- Why: y\n'],
    [
      'memory',
      'shows an entry in a code block',
      '## Known Risks\n```\n### 2026-99-99\n- Trust: maybe\n```\n',
    ],
    [
      'memory',
      'has the lines of the first Clone',
      '## Recent Decisions\n- 2026-02-12T10:00:00Z | x | y | trusted\n',
    ],
    ['incidents', 'has the format', incident],
    ['backlog', 'has the format', backlog],
    [
      'backlog',
      'has links and notes',
      '## Candidate Features To Do\n- [PEM](x.md)\n- a note\n- [x] Done\n  - [ ] deeper\n',
    ],
  ])('%s that %s is in order', (kind, _what, text) => {
    expect(told(kind, text)).toEqual([]);
  });

  it.each<[what: string, kind: MemoryKind, text: string, findings: readonly string[]]>([
    ['a missing field', 'memory', memory.replace(/- Why.*\n/, ''), ['3: the entry has no Why']],
    [
      'several missing fields',
      'memory',
      '## Known Risks\n### 2026-11-01\n- Decision: x\n',
      ['2: the entry has no Why, Evidence, Commit, Confidence, Trust, Follow-up'],
    ],
    [
      'no field at all',
      'memory',
      '## Known Risks\n### 2026-11-01\n',
      [expect.stringContaining('no Decision') as string],
    ],
    [
      'an empty field',
      'memory',
      memory.replace('it is simpler', ''),
      ['6: Why is empty; write none if there is nothing to say'],
    ],
    [
      'an unknown confidence',
      'memory',
      memory.replace(': high', ': sure'),
      ['9: Confidence is not one of high, medium, low'],
    ],
    [
      'an unknown trust',
      'memory',
      memory.replace(': trusted', ': yes'),
      ['10: Trust is not one of trusted, untrusted'],
    ],
    [
      'an unknown label',
      'memory',
      memory.replace('local:', 'seen:'),
      ['7: Evidence has no label; begin it with direct:, local:, proxy:, blocked:'],
    ],
    [
      'a commit that is none',
      'memory',
      memory.replace('Commit: none', 'Commit: HEAD'),
      ['8: Commit is not a commit id; write none if nothing landed'],
    ],
    [
      'an unknown field',
      'memory',
      memory.replace('- Why', '- Because'),
      [
        '3: the entry has no Why',
        '6: an entry has no Because; it has Decision, Why, Evidence, Commit, Confidence, Trust, Follow-up',
      ],
    ],
    [
      'fields out of order',
      'memory',
      memory.replace(/(- Decision.*\n)(- Why.*\n)/, '$2$1'),
      [
        '6: Decision stands too late; the order is Decision, Why, Evidence, Commit, Confidence, Trust, Follow-up',
      ],
    ],
    ['a field twice', 'memory', memory.replace(/(- Why.*\n)/, '$1$1'), ['7: Why stands twice in one entry']],
    ...[
      '2026-02-30',
      '2026-13-01',
      '2026-1-1',
      '2026-11-01T25:00:00Z',
      '2026-11-01T10:00:00',
      '2026-11-01 10:00',
    ].map((date): [string, MemoryKind, string, readonly string[]] => [
      `the date ${date}`,
      'memory',
      memory.replace('2026-11-01T10:00:00Z', date),
      ['3: the entry has no date: begin its heading with one, as 2026-11-20T21:00:00Z'],
    ]),
    [
      'an entry without a date',
      'memory',
      memory.replace('2026-11-01T10:00:00Z', 'use hono'),
      ['3: the entry has no date: begin its heading with one, as 2026-11-20T21:00:00Z'],
    ],
    [
      'a bullet of no day',
      'memory',
      '## Known Risks\n- 2026-02-30: x\n',
      ['2: there is no such date; write it as 2026-11-20'],
    ],
    [
      'a section twice',
      'memory',
      '## Objective\n## objective\n',
      ['2: the section Objective stands there twice'],
    ],
    [
      'sections out of order',
      'memory',
      '## Known Risks\n## Mine\n## Objective\n',
      ['3: the section Objective comes before Known Risks'],
    ],
    ['a code block without an end', 'memory', 'x\n```js\n', ['2: a code block begins here and never ends']],
    [
      'a half-done merge',
      'memory',
      'x\n<<<<<<< HEAD\n',
      ['2: the file has a conflict marker of a half-done merge'],
    ],
    ['another encoding', 'backlog', '\uFFFD', ['1: the file is not UTF-8 text']],
    [
      'an unknown trigger',
      'incidents',
      incident.replace('red-ci', 'bad luck'),
      ['5: Trigger is not one of red-ci, revert, over-claim, exhausted-repair'],
    ],
    [
      'an incident without a rule',
      'incidents',
      incident.replace(/- Prev.*\n/, ''),
      ['3: the entry has no Prevention Rule'],
    ],
    [
      'a box that is none',
      'backlog',
      backlog.replace('[ ]', '[]'),
      ['3: the box is not one; write it as - [ ] Title'],
    ],
    [
      'another one',
      'backlog',
      backlog.replace('- [ ]', '-[ ]'),
      ['3: the box is not one; write it as - [ ] Title'],
    ],
    [
      'a box twice',
      'backlog',
      backlog.replace('- [ ] One', '- [ ] One\n- [x] one.'),
      ['4: the same stands in line 3'],
    ],
    [
      'a day that is none',
      'backlog',
      backlog.replace('2026-11-01', '2026-11-31'),
      ['7: there is no such date; write it as 2026-11-20'],
    ],
  ])('is told with the line: %s', (_what, kind, text, findings) => {
    expect(told(kind, text)).toEqual(findings);
  });
});
