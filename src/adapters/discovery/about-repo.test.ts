import { expect, it } from 'vitest';

import { firstWords } from './about-repo.ts';

it.each<[what: string, readme: string, words: string | undefined]>([
  ['a heading', '# JWT Workbench\n\nTools.\n', 'JWT Workbench'],
  ['a heading after badges', '[![build](b.svg)](b)\n\n# Name ##\n', 'Name'],
  ['a heading with marks', '# **Bold** [`code`](x) ![logo](l.png) snake_case\n', 'Bold code snake_case'],
  ['an underlined heading', 'Name\n====\n', 'Name'],
  ['an HTML heading', '<p align="center">\n<h1 align="center">Name</h1>\n', 'Name'],
  ['a heading after front matter', '---\ntitle: x\n---\n# Name\n', 'Name'],
  ['a heading after a comment', '<!-- # not\nthis -->\n# Name\n', 'Name'],
  ['a heading after code', '```sh\n# not this\n```\n\n# Name\n', 'Name'],
  ['a sentence', 'It does things. And more.\n\n# Later\n', 'It does things.'],
  [
    'a sentence after a picture',
    '![logo](x.png)\n\nIt does things, v1.2 does more\n',
    'It does things, v1.2 does more',
  ],
  ['Windows line ends', '\uFEFF# Name\r\n\r\nx\r\n', 'Name'],
  ['colours and bells', '# Na\u001b[31mme\u0007\n', 'Na [31mme'],
  ['nothing', '', undefined],
  ['pictures only', '![a](b)\n<img src="x">\n', undefined],
])('finds %s', (_what, readme, words) => {
  expect(firstWords(readme)).toBe(words);
});

it('is short', () => {
  const words = firstWords(`# ${'long '.repeat(100)}`);
  expect(words).toHaveLength(160);
  expect(words?.endsWith('…')).toBe(true);
});
