import { describe, expect, it } from 'vitest';
import { cellLabel, expandMatrix } from './matrix.ts';
import type { Mapping } from './workflow.ts';

describe('a matrix', () => {
  it.each<[what: string, matrix: Mapping, cells: string[]]>([
    [
      'multiplies its lists, the first outermost',
      { os: ['l', 'w'], v: [1, 2] },
      ['l, 1', 'l, 2', 'w, 1', 'w, 2'],
    ],
    [
      'leaves out what is excluded',
      { os: ['l', 'w'], v: [1, 2], exclude: [{ os: 'w', v: 2 }] },
      ['l, 1', 'l, 2', 'w, 1'],
    ],
    [
      'leaves out all that agree in part',
      { os: ['l', 'w'], v: [1, 2], exclude: [{ os: 'w' }] },
      ['l, 1', 'l, 2'],
    ],
    ['is only what it includes', { include: [{ a: 1, b: 2 }, { a: 3 }] }, ['1, 2', '3']],
    ['adds to the cells that agree', { os: ['l', 'w'], include: [{ os: 'w', x: 'y' }] }, ['l', 'w, y']],
    ['adds to every cell what concerns none', { os: ['l', 'w'], include: [{ x: 'y' }] }, ['l, y', 'w, y']],
    ['gets a cell for what fits nowhere', { os: ['l'], include: [{ os: 'm' }] }, ['l', 'm']],
    [
      'can be excluded and included again',
      { os: ['l', 'w'], exclude: [{ os: 'w' }], include: [{ os: 'w' }] },
      ['l', 'w'],
    ],
    ['shows what mappings hold', { node: [{ version: 20, env: 'x' }] }, ['20, x']],
  ])('%s', (_what, matrix, cells) => {
    const found = expandMatrix(matrix);
    expect(Array.isArray(found) ? found.map(cellLabel) : found).toEqual(cells);
  });

  it('overwrites what an earlier include added, never an axis', () => {
    const matrix: Mapping = {
      fruit: ['apple', 'pear'],
      animal: ['cat', 'dog'],
      include: [
        { color: 'green' },
        { color: 'pink', animal: 'cat' },
        { fruit: 'apple', shape: 'circle' },
        { fruit: 'banana' },
        { fruit: 'banana', animal: 'cat' },
      ],
    };
    expect(expandMatrix(matrix)).toEqual([
      { fruit: 'apple', animal: 'cat', color: 'pink', shape: 'circle' },
      { fruit: 'apple', animal: 'dog', color: 'green', shape: 'circle' },
      { fruit: 'pear', animal: 'cat', color: 'pink' },
      { fruit: 'pear', animal: 'dog', color: 'green' },
      { fruit: 'banana' },
      { fruit: 'banana', animal: 'cat' },
    ]);
  });

  it.each<[what: string, matrix: Mapping]>([
    ['an axis that is no list', { os: 'linux' }],
    ['an empty axis', { os: [] }],
    ['nothing at all', {}],
    ['nothing left', { os: ['l'], exclude: [{ os: 'l' }] }],
    ['more than 256 cells', { a: Array.from({ length: 257 }, (_, index) => index) }],
  ])('with %s is refused', (_what, matrix) => {
    expect(expandMatrix(matrix)).toBeTypeOf('string');
  });
});
