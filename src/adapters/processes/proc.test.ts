import { describe, expect, it } from 'vitest';

import { childrenToEnd } from './hanging-children.ts';
import { type ProcessStat, parseStat, treeOf } from './proc.ts';

const numbers = '10 200 300 0 -1 4194304 1 2 3 4 500 60 7 8 20 0 1 0 98765 1 2 3';

describe('a line of the process table', () => {
  it.each(['sh', 'a b', '(sd-pam)', ') R 1 2 (', ''])(
    'is understood when the program is called "%s"',
    (name) => {
      expect(parseStat(`4242 (${name}) S ${numbers}`)).toEqual({
        pid: 4242,
        parent: 10,
        session: 300,
        started: '98765',
        cpu: 500 + 60 + 7 + 8,
      });
    },
  );

  it.each(['', 'nonsense', '42 (sh) S 1 2'])('is not understood when it is "%s"', (text) => {
    expect(parseStat(text)).toBeUndefined();
  });
});

const stat = (pid: number, parent: number, session: number): ProcessStat => ({
  pid,
  parent,
  session,
  started: '1',
  cpu: 1,
});

describe('a tree of processes', () => {
  const table = [stat(1, 0, 1), stat(5, 4, 5), stat(2, 1, 2), stat(3, 2, 2), stat(4, 3, 2), stat(9, 1, 9)];

  it('holds all that is below its root, however deep', () => {
    expect(treeOf(2, table).map(({ pid }) => pid)).toEqual([2, 3, 4, 5]);
  });

  it('is empty when its root is gone', () => {
    expect(treeOf(77, table)).toEqual([]);
  });
});

describe('children that hang', () => {
  it.each<[when: string, table: ProcessStat[], depth: number, ended: number[]]>([
    ['the program has none', [stat(2, 1, 2)], 0, []],
    ['they are in its session', [stat(2, 1, 2), stat(3, 2, 2), stat(4, 3, 2)], 0, [3, 4]],
    ['some left its session', [stat(2, 1, 2), stat(3, 2, 2), stat(4, 2, 4), stat(5, 4, 4)], 0, [4, 5]],
    ['the program is wrapped', [stat(2, 1, 2), stat(3, 2, 2), stat(4, 3, 2), stat(5, 4, 2)], 2, [5]],
    ['the program is gone', [stat(2, 1, 2)], 2, []],
  ])('are told apart when %s', (_when, table, depth, ended) => {
    expect(childrenToEnd(2, depth, table)).toEqual(ended);
  });
});
