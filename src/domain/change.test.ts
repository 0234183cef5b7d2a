import { expect, it } from 'vitest';

import { boundPaths, workOf } from './change.ts';

it('a fact holds at most 500 paths, and no more than 64 KiB of them', () => {
  const short = Array.from({ length: 700 }, (_, index) => `src/${index}.ts`);
  expect(boundPaths(short)).toEqual(short.slice(0, 500));
  const long = Array.from({ length: 100 }, (_, index) => `${index}`.padStart(4096, 'x'));
  expect(boundPaths(long)).toEqual(long.slice(0, 16));
  expect(boundPaths([])).toEqual([]);
});

it('what only writes down what is remembered is not work', () => {
  expect(workOf([{ memory: true }, { memory: undefined }, {}])).toEqual([{ memory: undefined }, {}]);
});
