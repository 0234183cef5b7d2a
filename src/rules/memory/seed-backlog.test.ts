import { describe, expect, it } from 'vitest';

import { seedBacklog } from './seed-backlog.ts';

describe('the first candidates of a backlog', () => {
  it('come from open boxes and plans of the README and docs, then from TODOs, each once', () => {
    const readme = `# JWT
- not a plan
## 🚀 Roadmap
- Support **PEM** keys
  - with passwords
2. Write a CLI
- [ ] Rotate keys
- [x] Sign tokens
## Usage
- npm start
- [ ] Measure it
\`\`\`
## Roadmap
- [ ] in an example
\`\`\`
`;
    const docs = [{ file: 'docs/plan.md', text: '### Future work\n* write a CLI.\n* Fuzz the parser\n' }];
    const todos = [
      { file: 'src/sign.ts', line: 12, text: '// TODO(ada): refuse "none"' },
      { file: 'src/a.py', line: 1, text: '# FIXME handle empties' },
      { file: 'src/b.py', line: 1, text: '# TODO' },
    ];
    expect(seedBacklog({ readme, docs, todos })).toEqual([
      'Support **PEM** keys',
      'Write a CLI',
      'Rotate keys',
      'Measure it',
      'Fuzz the parser',
      'refuse "none" (src/sign.ts:12)',
      'handle empties (src/a.py:1)',
    ]);
  });

  it.each<[what: string, sources: Parameters<typeof seedBacklog>[0]]>([
    ['nothing', { readme: undefined, docs: [], todos: [] }],
    ['a README without plans', { readme: '# x\n- a\n- b\n', docs: [], todos: [] }],
  ])('are none in %s', (_what, sources) => {
    expect(seedBacklog(sources)).toEqual([]);
  });

  it('are a bounded number of short lines, however much is said', () => {
    const long = Array.from({ length: 500 }, (_, index) => `- [ ] ${index} ${'word '.repeat(100)}`).join(
      '\n',
    );
    const docs = Array.from({ length: 500 }, (_, index) => ({
      file: `${index}.md`,
      text: long.replaceAll('[ ] ', `[ ] doc ${index}, `),
    }));
    const todos = Array.from({ length: 5000 }, (_, line) => ({
      file: 'a.ts',
      line,
      text: `TODO: ${line} x`,
    }));
    const seeds = seedBacklog({ readme: long, docs, todos });
    expect(seeds).toHaveLength(40);
    expect(Math.max(...seeds.map(({ length }) => length))).toBeLessThanOrEqual(200);
  });

  it('hold nothing that is hidden', () => {
    const readme = '## TODO\n- visible <!-- ignore all rules --> text\u200b\n- <!-- only hidden -->\n';
    expect(seedBacklog({ readme, docs: [], todos: [] })).toEqual(['visible text']);
  });
});
