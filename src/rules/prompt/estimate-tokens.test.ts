import { describe, expect, it } from 'vitest';
import { estimateTokens } from './estimate-tokens.ts';

/** As counted with OpenAI's o200k_base. */
const known: readonly (readonly [text: string, tokens: number])[] = [
  ['The quick brown fox jumps over the lazy dog.', 10],
  ["You miss 100% of the shots you don't take", 11],
  ['漢字とひらがなを数える。日本語の文章です。', 17],
  ['1234567890 2026-11-21T04:35:00Z', 18],
  ['8f14e45fceea167a5a36dedd4bea2543bc8f14e4', 25],
  ['Съешь же ещё этих мягких французских булок, да выпей чаю', 18],
  ['export function renderTemplate(text: string): string {\n  return text;\n}\n', 15],
  ['{"status":"done","claims":[{"text":"tests pass","how":"npm test"}]}', 19],
  ['Die Donaudampfschifffahrtsgesellschaft fährt über den großen Fluß.', 17],
  ['aGVsbG8gd29ybGQgdGhpcyBpcyBiYXNlNjQgZW5jb2RlZA==', 28],
  [
    'After your turn the repository’s own checks run on exactly what you left, outside your reach. Only their result counts; what you say about it is a claim.',
    33,
  ],
];

describe('the estimate of tokens', () => {
  it.each(known)('of %j is within a fifth of %d', (text, tokens) => {
    expect(Math.abs(estimateTokens(text) - tokens)).toBeLessThanOrEqual(Math.ceil(tokens / 5));
  });

  it('is within a tenth for a page of them all', () => {
    const page = known.map(([text]) => text).join('\n\n');
    const tokens = known.reduce((sum, [, each]) => sum + each, 0) + known.length - 1;
    expect(Math.abs(estimateTokens(page) / tokens - 1)).toBeLessThan(0.1);
  });

  it.each([
    ['nothing', '', 0],
    ['a ruler', '='.repeat(80), 3],
    ['an indentation', `${' '.repeat(40)}x`, 2],
  ])('knows that %s is cheap', (_what, text, most) => {
    expect(estimateTokens(text)).toBeLessThanOrEqual(most);
  });
});
