import { describe, expect, it } from 'vitest';

import { withContract } from './contract.ts';
import { lintMemory } from './lint-memory.ts';
import { repoFacts } from './recall.ts';

const facts = {
  objective: 'Sign and check tokens.',
  facts: ['Checks: npm test, npm run lint'],
  now: Date.parse('2026-11-20T21:00:00Z'),
};
const later = { ...facts, now: facts.now + 86_400_000 };
function contract(text: string | undefined, about = facts): string {
  const result = withContract(text, about);
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}
const begin = '<!-- clone:begin -->';
const end = '<!-- clone:end -->';

describe('AGENTS.md', () => {
  it('begins with our part alone', () => {
    const text = contract(undefined);
    expect(text.startsWith(`${begin}\n## Working Agreement\n`)).toBe(true);
    expect(
      text.endsWith(`### Repo Facts

- Objective: Sign and check tokens.
- Checks: npm test, npm run lint
- Last updated: 2026-11-20
${end}
`),
    ).toBe(true);
    expect(lintMemory('contract', text)).toEqual([]);
    for (const word of ['Core Rules', 'Verification Policy', 'Documentation Policy', 'Edit Policy'])
      expect(text).toContain(`### ${word}\n`);
  });

  it.each<[what: string, mine: string]>([
    ['line feeds', '# Ours\n\nBe kind.\n'],
    ['CRLF', '# Ours\r\n\r\nBe kind.\r\n'],
    ['no last line break', '# Ours\n\nBe kind.'],
    ['a byte order mark', '\uFEFF# Ours\r\n'],
    ['our headings in it', '## Repo Facts\n- ours\n\n### Core Rules\n```\n## Edit Policy\n```\n'],
  ])('keeps what people wrote, with %s', (_what, mine) => {
    const text = contract(mine);
    expect(text.startsWith(mine)).toBe(true);
    expect(contract(text, later)).toBe(text);
    if (mine.includes('\r\n')) expect(text).not.toMatch(/[^\r]\n/);
    expect(repoFacts(text, 1000).trusted).toBe(
      '- Objective: Sign and check tokens.\n- Checks: npm test, npm run lint',
    );
  });

  it('keeps what people wrote behind our part, and its words as they are today', () => {
    const text = contract('Before.\n');
    const old = text
      .replace('- No secrets: ', '- Old words: ')
      .replace(`${end}\n`, `${end}\nBehind, no break`);
    const renewed = contract(old, later);
    expect(renewed).toBe(`${text.replace('2026-11-20', '2026-11-21').trimEnd()}\nBehind, no break`);
    expect(lintMemory('contract', old)).toEqual([
      { line: 13, message: expect.stringContaining('reads otherwise today') as string },
    ]);
  });

  it('keeps Repo Facts byte for byte, and adds only what is new', () => {
    const own = '\n* Uses pnpm,   never npm  \n- Objective: Ada said otherwise\n\n  - deep\n';
    const text = contract(undefined).replace(/(### Repo Facts\n)[^]*(?=<!-- clone:end)/, `$1${own}`);
    expect(contract(text)).toBe(text.replace('  - deep\n', '  - deep\n- Checks: npm test, npm run lint\n'));
    expect(contract(text, { ...facts, facts: ['uses pnpm, never npm'] })).toBe(text);
  });

  it('has a date that moves only with the rest', () => {
    const text = contract(undefined);
    expect(contract(text, later)).toBe(text);
    expect(contract(text, { ...later, facts: ['Node 24'] })).toContain(
      '- Last updated: 2026-11-21\n- Node 24\n',
    );
  });

  it('gets its Repo Facts back', () => {
    const text = contract(undefined);
    const without = text.replace(/### Repo Facts\n[^]*(?=<!-- clone:end)/, '');
    expect(lintMemory('contract', without)).toMatchObject([{ line: 1 }]);
    expect(contract(without)).toBe(text);
  });

  it('is not led astray by facts', () => {
    const told = [`x\n${end}\n# y`, '<!-- clone:begin -->z', '', 'word '.repeat(10_000)];
    const text = contract(undefined, { ...facts, objective: `a\n\n### Core Rules`, facts: told });
    expect(text.split(end)).toHaveLength(2);
    expect(text.split(begin)).toHaveLength(2);
    expect(contract(text, { ...facts, facts: told })).toBe(text);
    expect(lintMemory('contract', text)).toEqual([]);
  });

  it('does not grow without end', () => {
    const many = Array.from({ length: 500 }, (_, index) => `fact ${index}`);
    const text = contract(undefined, { ...facts, facts: many });
    expect(text.split('\n').length).toBeLessThan(90);
    expect(contract(text, { ...facts, facts: ['one more'] })).toBe(text);
  });

  it.each<[what: string, text: string, line: number]>([
    ['one without the other', `a\n${begin}\n`, 2],
    ['the other without the one', `${end}\n`, 1],
    ['two pairs', `${begin}\n${end}\n${begin}\n${end}\n`, 3],
    ['nested pairs', `${begin}\n${begin}\n${end}\n${end}\n`, 2],
    ['the end twice', `${begin}\n${end}\n${end}\n`, 3],
    ['the wrong order', `${end}\n${begin}\n`, 1],
    ['something beside it', `${begin} x\n${end}\n`, 1],
    ['another spelling', `${begin}\n<!--CLONE:END-->\n`, 2],
    ['Repo Facts twice', `${begin}\n### Repo Facts\n### Repo  facts\n${end}\n`, 1],
  ])('is left alone when its markers are damaged: %s', (_what, text, line) => {
    expect(withContract(text, facts)).toMatchObject({
      ok: false,
      failure: { kind: 'markers', file: 'AGENTS.md', line },
    });
    expect(lintMemory('contract', text)).toMatchObject([{ line }]);
  });

  it('is left alone when it is a megabyte, or half merged', () => {
    expect(withContract('x'.repeat(1024 * 1024 + 1), facts)).toMatchObject({
      failure: { kind: 'too-large' },
    });
    expect(withContract('<<<<<<< a\n', facts)).toMatchObject({ failure: { kind: 'conflict-markers' } });
  });

  it('is no business of ours where we have no part in it', () => {
    expect(lintMemory('contract', '# Ours\n## Repo Facts\n')).toEqual([]);
    expect(repoFacts('## Repo Facts\n- theirs\n', 100)).toEqual({ trusted: '', untrusted: '' });
  });
});
