import { describe, expect, it } from 'vitest';
import { quoted } from './quoted.ts';

describe('a word for the shell', () => {
  it.each([
    ['/tmp/clone-demo-a1', '/tmp/clone-demo-a1'],
    ['~/code', '~/code'],
    ['/tmp/my demo', "'/tmp/my demo'"],
    ["it's", "'it'\\''s'"],
    ['a;b', "'a;b'"],
    ['', "''"],
  ])('%j is %s', (word, expected) => {
    expect(quoted(word)).toBe(expected);
  });
});
