import { expect, it } from 'vitest';
import { handOf } from '../domain/fingerprint.ts';
import { changedParts, digestOf } from './fingerprint.ts';

it('a digest tells texts apart that only join differently', () => {
  expect(digestOf(['ab', 'c'])).not.toBe(digestOf(['a', 'bc']));
  expect(digestOf(['ab', 'c'])).toBe(digestOf(['ab', 'c']));
});

it('only parts that both looks saw can differ', () => {
  const before = { commits: 'a', objective: 'o', backlog: '' };
  expect(changedParts(before, { commits: 'b', prompts: 'p', backlog: '' })).toEqual(['commits']);
  expect(changedParts({}, before)).toEqual([]);
});

it('what a person did shows in three of the parts', () => {
  expect(handOf({ entry: 'e', local: 'l', tracked: 't', commits: 'c' })).toBe('e l t');
  expect(handOf({})).toBe('  ');
});
