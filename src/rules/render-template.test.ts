import { describe, expect, it } from 'vitest';
import { readTemplate, unknownNames } from './render-template.ts';

describe('a template', () => {
  it('falls apart at its variables, and knows which of them have a line for themselves', () => {
    expect(readTemplate('Objective: {{ objective }}\n\n  {{memory}}\nend')).toEqual([
      { is: 'words', text: 'Objective: ' },
      { is: 'variable', name: 'objective', alone: false },
      { is: 'words', text: '\n\n  ' },
      { is: 'variable', name: 'memory', alone: true },
      { is: 'words', text: '\nend' },
    ]);
  });

  it.each([
    ['how workflows write', 'Use ${{ github.token }} and ${{ matrix }}.'],
    ['program text', 'const a = { b: {} }; {{}} {{ }} {{a b}}'],
  ])('leaves %s as it is', (_what, text) => {
    expect(readTemplate(text)).toEqual([{ is: 'words', text }]);
  });

  it('may be saved on any system', () => {
    expect(readTemplate('\uFEFFa\r\n{{b}}\r\n')).toEqual([
      { is: 'words', text: 'a\n' },
      { is: 'variable', name: 'b', alone: true },
      { is: 'words', text: '\n' },
    ]);
  });
});

describe('unknown names', () => {
  it.each<[string, readonly string[]]>([
    ['{{objective}} {{x}} {{x}}', ['x']],
    ['{{Objective}} {{task-cap}} {{t1}}', ['Objective', 'task-cap', 't1']],
    ['nothing', []],
  ])('of %j are %j', (text, unknown) => {
    expect(unknownNames(text, ['objective', 'task_cap'])).toEqual(unknown);
  });
});
