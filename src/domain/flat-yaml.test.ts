import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';

import { type FlatYaml, flatText, readFlatYaml } from './flat-yaml.ts';

function said({ pairs, list }: FlatYaml): unknown {
  const plain = (of: FlatYaml['pairs']): unknown =>
    Object.fromEntries([...of].map(([key, { value }]) => [key, value]));
  const entries = list?.entries.map((entry) => plain(entry.pairs));
  return { ...(plain(pairs) as object), ...(list && { [list.key]: entries }) };
}

const file = `# our portfolio
code_root: /code   # the big disk
days: 60
repos:
  # the important one
  - name: api
    path: ~/code/api
    objective: "Keep it: fast \\u2026"
    owner: 'Ada''s'

    tasks_per_repo: 5 # no more
  - name: web
    pinned: true
# the end
`;

describe('flat YAML', () => {
  it('is read with the place of each value', () => {
    const flat = readFlatYaml(file)!;
    expect(said(flat)).toEqual({
      code_root: '/code',
      days: 60,
      repos: [
        {
          name: 'api',
          path: '~/code/api',
          objective: 'Keep it: fast …',
          owner: "Ada's",
          tasks_per_repo: 5,
        },
        { name: 'web', pinned: true },
      ],
    });
    const cut = (of: FlatYaml['pairs'], key: string): string | undefined => {
      const { line, from, to } = of.get(key)!;
      return flat.lines[line]?.slice(from, to);
    };
    expect(cut(flat.pairs, 'code_root')).toBe('/code');
    const [api, web] = flat.list!.entries;
    expect(cut(api!.pairs, 'owner')).toBe("'Ada''s'");
    expect(cut(api!.pairs, 'tasks_per_repo')).toBe('5');
    expect([api?.end, web?.end, web?.indent]).toEqual([10, 12, 4]);
  });

  it.each([
    ['a key twice', 'a: 1\na: 2\n'],
    ['a key twice in an entry', 'repos:\n  - a: 1\n    a: 2\n'],
    ['the list twice', 'a: []\nb: []\n'],
    ['a tab', 'a:\t1\n'],
    ['Windows line ends', 'a: 1\r\n'],
    ['a byte order mark', '\uFEFFa: 1\n'],
    ['a document mark', '---\na: 1\n'],
    ['an anchor', 'a: &b 1\n'],
    ['a text over two lines', 'a: one\n  two\n'],
    ['a block of text', 'a: |\n  two\n'],
    ['a list inside', 'a: [1, 2]\n'],
    ['a map inside', 'a: { b: 1 }\n'],
    ['a number that has a form of its own', 'a: 007\n'],
    ['a number with a fraction', 'a: 1.10\n'],
    ['nothing', 'a: ~\n'],
    ['a colon in the text', 'a: b: c\n'],
    ['an escape that JSON has not', 'a: "\\N"\n'],
    ['a quote that stays open', 'a: "b\n'],
    ['another indentation', 'repos:\n  - a: 1\n     b: 2\n'],
    ['entries with another indentation', 'repos:\n  - a: 1\n - a: 2\n'],
    ['pairs below a pair', 'a: 1\n  b: 2\n'],
    ['entries below an empty list', 'repos: []\n  - a: 1\n'],
    ['a list that is interrupted', 'repos:\n  - a: 1\nb: 2\n  - a: 3\n'],
    ['a key that is no text', 'null: 1\n'],
  ])('is not what holds %s', (_what, text) => {
    expect(readFlatYaml(text)).toBeUndefined();
  });

  it('says what a parser of all of YAML says, of whatever it takes', () => {
    let taken = 0;
    for (const text of made(6000)) {
      const flat = readFlatYaml(text);
      if (!flat) continue;
      taken++;
      const document = parseDocument(text, { merge: true });
      expect([text, document.errors]).toEqual([text, []]);
      const all = (document.toJS() ?? {}) as Record<string, unknown>;
      if (flat.list?.entries.length === 0) all[flat.list.key] ??= [];
      expect([text, all]).toEqual([text, said(flat)]);
    }
    expect(taken).toBeGreaterThan(1000);
  });
});

describe('a value in flat YAML', () => {
  it.each<[value: unknown, text: string | undefined]>([
    ['main', 'main'],
    ['Keep it: fast', '"Keep it: fast"'],
    ['say "hi"', 'say "hi"'],
    ['"hi"', `'"hi"'`],
    ['two\nlines', '"two\\nlines"'],
    ['007', '"007"'],
    ['true', '"true"'],
    ['', '""'],
    ['it’s €5 🙂', 'it’s €5 🙂'],
    ['a\u2028b', undefined],
    [true, 'true'],
    [5, '5'],
    [-5, undefined],
    [['a'], undefined],
    [null, undefined],
  ])('is written as people would: %j', (value, text) => {
    expect(flatText(value)).toBe(text);
  });

  it('is read back as it was', () => {
    for (const value of made(4000)) {
      const text = flatText(value);
      if (text === undefined) continue;
      const whole = `repos:\n  - a: ${text} # why\n`;
      expect([whole, readFlatYaml(whole)?.list?.entries[0]?.pairs.get('a')?.value]).toEqual([whole, value]);
      expect([whole, parseDocument(whole).toJS()]).toEqual([whole, { repos: [{ a: value }] }]);
    }
  });
});

const pieces = [
  ...[
    'a: ',
    'b: ',
    'c: ',
    'repos:',
    '\n',
    '\n',
    '\n  - ',
    '\n  - a: ',
    '\n    b: ',
    '\n    c: ',
    '\n- a: ',
    '\n  b: ',
  ],
  ...['x', 'main', '/code/a-b', '~', '~/x', '5', '0', '007', '1.5', '1e3', '.5', '-1', '+1', '0x1f', '0o7'],
  ...['true', 'True', 'null', 'yes', '.inf', 'nan', '[]', ' [] ', '{}', '2026-11-19T19:34:42Z', '1:30'],
  ...[
    ' ',
    '  ',
    ' #',
    '# x',
    ' # y\n',
    ':',
    ': ',
    '"',
    '"x"',
    '"a\\n\\u2026"',
    "'",
    "'it''s'",
    '\\',
    '…',
    '🙂',
    '\u00a0',
  ],
  ...[
    '&',
    '*a',
    '!',
    '|',
    '>',
    '%',
    '@',
    '`',
    '-',
    '- ',
    '? ',
    ',',
    '[',
    ']',
    '{',
    '<<: ',
    '...',
    '---',
    'é',
    '(x)',
    '=',
    '$',
  ],
];

/** Texts that look like YAML, the same ones every time. */
function* made(count: number): Generator<string> {
  let state = 42;
  const below = (limit: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  for (let made = 0; made < count; made++) {
    let text = ['', 'a: ', 'repos:\n  - a: ', '# x\nb: x\nrepos:\n  - a: 1\n    b: '][below(4)] ?? '';
    for (let length = below(7); length > 0; length--) text += pieces[below(pieces.length)] ?? '';
    yield text;
  }
}
