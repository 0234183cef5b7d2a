import { expect, it } from 'vitest';
import { skipsCi } from './skips-ci.ts';

it.each<[message: string, skips: boolean]>([
  ['Fix it [skip ci]', true],
  ['Fix it\n\nbody [ci skip] here\n', true],
  ['[no ci] Fix it', true],
  ['Fix it [skip actions]', true],
  ['Fix it [actions skip]', true],
  ['Fix it [Skip CI]', true],
  ['Fix it\n\n\nskip-checks: true\n', true],
  ['Fix it\n\n\nskip-checks:true', true],
  ['Fix it\n\nSigned-off-by: A\nskip-checks: true\n', true],
  ['Fix it', false],
  ['Fix it (skip ci)', false],
  ['Fix [ skip ci ]', false],
  ['Fix it skip-checks: true', false],
  ['skip-checks: true', false],
  ['Fix it\n\nskip-checks: true\nReviewed-by: A\n', false],
  ['Fix it\n\nskip-checks: false\n', false],
])('%j skips: %s', (message, skips) => {
  expect(skipsCi(message)).toBe(skips);
});
