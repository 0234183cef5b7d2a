import { expect, it } from 'vitest';
import { hours, minutes } from '../domain/time.ts';
import { backOff } from './back-off.ts';

it.each([
  [0, 0],
  [1, minutes(10)],
  [2, minutes(20)],
  [4, minutes(80)],
  [50, hours(24)],
])('after %i failed visits a repository rests %i ms', (failures, rest) => {
  expect(backOff(failures)).toBe(rest);
});
