import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { promptNames, strayPrompts } from './stray-prompts.ts';

describe('a file in a folder of prompts', () => {
  it.each<[file: string, said: string]>([
    ['pln.md', '/p/pln.md is no prompt: did you mean plan.md?'],
    ['Plan.md', '/p/Plan.md is no prompt: did you mean plan.md?'],
    ['plan.txt', '/p/plan.txt is no prompt: did you mean plan.md?'],
    ['plan', '/p/plan is no prompt: did you mean plan.md?'],
    ['ci_fix.md', '/p/ci_fix.md is no prompt: did you mean ci-fix.md?'],
    ['zebra.md', `/p/zebra.md is no prompt: the prompts are ${promptNames.join(', ')}`],
  ])('that is called %s is told, with the nearest name', (file, said) => {
    expect(strayPrompts('/p', ['plan.md', file])).toEqual([said]);
  });

  it.each(['README.md', 'readme.md', '.gitignore', '_draft.md', 'plan.md~', 'core.md', 'ci-fix.md'])(
    'that is called %s may lie there',
    (file) => {
      expect(strayPrompts('/p', [file])).toEqual([]);
    },
  );

  it('is told by name for a few, and the rest by their number', () => {
    const many = Array.from({ length: 40 }, (_, number) => `x${number}.md`);
    const said = strayPrompts('/p', many);
    expect(said).toHaveLength(6);
    expect(said[5]).toBe('/p has 35 more files that are no prompts');
  });
});

it('every prompt that ships is known by its name', () => {
  expect(strayPrompts('prompts', readdirSync('prompts'))).toEqual([]);
});
