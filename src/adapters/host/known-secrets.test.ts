import { expect, it } from 'vitest';
import { knownSecrets } from './known-secrets.ts';

it.each([
  ['AWS_SECRET_ACCESS_KEY', 'abcdefghijklmnop', true],
  ['GITHUB_TOKEN', 'abcdefghijklmnop', true],
  ['db_password', 'correct horse battery', true],
  ['DB_PASSWORD', 'short', false],
  ['HOME', '/home/somebody/there', false],
  ['KEYBOARD', 'abcdefghijklmnop', false],
])('the value of %s=%s is masked: %s', (name, value, masked) => {
  expect(knownSecrets({ [name]: value }).length === 1).toBe(masked);
});
