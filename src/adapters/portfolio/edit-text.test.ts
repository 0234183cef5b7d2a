import { expect, it } from 'vitest';

import type { Repo } from '../../domain/repo.ts';
import type { PortfolioEdit } from '../../ports/portfolio.ts';
import { applyToFlat } from './edit-flat.ts';
import { areSameJson, saySame } from './edit-in-place.ts';
import { applyToJson, isJson } from './edit-json.ts';
import { editText } from './edit-text.ts';
import { changeDocument } from './edit-yaml.ts';
import { readFlatPortfolio } from './flat-portfolio.ts';
import { parsePortfolio } from './read-portfolio.ts';

function repo(name: string, more: Partial<Repo> = {}): Repo {
  const blank = { branch: '', objective: '', lastCommit: undefined, options: {} };
  return { name, path: `/code/${name}`, pinned: false, ignored: false, missing: false, ...blank, ...more };
}

const add: PortfolioEdit = { edit: 'add', repo: repo('d', { objective: 'Keep it: fast, [small]' }) };
const pin: readonly PortfolioEdit[] = [
  { edit: 'set', name: 'b', values: { pinned: true } },
  { edit: 'unset', name: 'b', keys: ['missing', 'ignored'] },
];
const setBranch: PortfolioEdit = { edit: 'set', name: 'b', values: { branch: 'next' } };
const remove: PortfolioEdit = { edit: 'remove', name: 'b' };
const header: PortfolioEdit = { edit: 'header', values: { generated_at: 'now' } };

function edited(text: string, ...edits: readonly PortfolioEdit[]): string {
  const made = editText(text, edits, 'repos.yaml');
  if (!made.ok) throw new Error(made.failure.message);
  return made.value;
}

function editedFlat(text: string, ...edits: readonly PortfolioEdit[]): string | undefined {
  const about = { file: 'repos.yaml', folder: '/', userFolder: '/', checkOption: () => undefined };
  const flat = readFlatPortfolio(text, about);
  return flat && applyToFlat(flat, edits);
}

/** What stands there, and what stands in its place after the change. */
type Swap = readonly [from: string, to: string];

interface NastyFile {
  readonly what: string;
  readonly text: string;
  /** The branch of b is another one. */
  readonly set: Swap;
  /** b is pinned, and not missing any more. */
  readonly pin: Swap;
  readonly remove: Swap;
  readonly add: Swap;
  readonly head: Swap;
}

const files: readonly NastyFile[] = [
  {
    what: 'room that somebody made by hand',
    text: `code_root:   /code   # disk
repos:
    -   name:   a
        path:   '/a'   # one
    -   name:   b
        path:   /b
        branch:   'main'   # two
        missing:   true


    # about c
    -   name:   c
        path:   "/c"  \x20
`,
    set: ["'main'   # two", "'next'   # two"],
    pin: ['missing:   true', 'pinned: true'],
    remove: [
      "    -   name:   b\n        path:   /b\n        branch:   'main'   # two\n        missing:   true\n",
      '',
    ],
    add: [' \n', ' \n    - name: d\n      path: /code/d\n      objective: "Keep it: fast, [small]"\n'],
    head: ['disk\nrepos:', 'disk\ngenerated_at: now\nrepos:'],
  },
  {
    what: 'quotes around everything',
    text: `repos:
  - 'name': "a"
    "path": '/a'
  - 'name': "b"
    "path": '/b'
    'branch': "main"
    missing: true
  - 'name': "c"
    "path": '/c'
`,
    set: ['"main"', '"next"'],
    pin: ['missing: true', 'pinned: true'],
    remove: [`  - 'name': "b"\n    "path": '/b'\n    'branch': "main"\n    missing: true\n`, ''],
    add: ["'/c'\n", `'/c'\n  - name: d\n    path: /code/d\n    objective: "Keep it: fast, [small]"\n`],
    head: ['repos:', 'generated_at: now\nrepos:'],
  },
  {
    what: 'Windows line ends',
    text: `# head\r
code_root: /code\r
repos:\r
  - name: a\r
    path: '/a'\r
  - name: b\r
    path: /b   # x\r
    branch: main\r
    missing: true\r
  - name: c\r
    path: /c\r
`,
    set: ['main\r', 'next\r'],
    pin: ['missing: true\r', 'pinned: true\r'],
    remove: ['  - name: b\r\n    path: /b   # x\r\n    branch: main\r\n    missing: true\r\n', ''],
    add: ['/c\r\n', '/c\r\n  - name: d\r\n    path: /code/d\r\n    objective: "Keep it: fast, [small]"\r\n'],
    head: ['/code\r\nrepos:\r', '/code\r\ngenerated_at: now\r\nrepos:\r'],
  },
  {
    what: 'line ends of both kinds',
    text: `# head\r
code_root: /code
repos:\r
  - name: a
    path: '/a'\r
  - name: b
    path: /b   # x
    branch: main\r
    missing: true
  - name: c\r
    path: /c
`,
    set: ['main\r', 'next\r'],
    pin: ['missing: true', 'pinned: true'],
    remove: ['  - name: b\n    path: /b   # x\n    branch: main\r\n    missing: true\n', ''],
    add: ['/c\n', '/c\n  - name: d\n    path: /code/d\n    objective: "Keep it: fast, [small]"\n'],
    head: ['/code\nrepos:\r', '/code\ngenerated_at: now\nrepos:\r'],
  },
  {
    what: 'a byte order mark',
    text: `\uFEFF# head
repos:
  - name: a
    path: '/a'
  - name: b
    path: /b
    branch: main
    missing: true
  - name: c
    path: /c
`,
    set: ['main', 'next'],
    pin: ['missing: true', 'pinned: true'],
    remove: ['  - name: b\n    path: /b\n    branch: main\n    missing: true\n', ''],
    add: ['/c\n', '/c\n  - name: d\n    path: /code/d\n    objective: "Keep it: fast, [small]"\n'],
    head: ['head\nrepos:', 'head\ngenerated_at: now\nrepos:'],
  },
  {
    what: 'no line end at its end',
    text: `repos:
  - name: a
    path: '/a'
  - name: b
    path: /b
    branch: main
    missing: true
  - name: c
    path: /c`,
    set: ['main', 'next'],
    pin: ['missing: true', 'pinned: true'],
    remove: ['  - name: b\n    path: /b\n    branch: main\n    missing: true\n', ''],
    add: ['/c', '/c\n  - name: d\n    path: /code/d\n    objective: "Keep it: fast, [small]"'],
    head: ['repos:', 'generated_at: now\nrepos:'],
  },
  {
    what: 'a directive and document markers',
    text: `%YAML 1.2
---
# head
code_root: /code
repos:
  - name: a
    path: '/a'
  - name: b
    path: /b
    branch: main
    missing: true
  - name: c
    path: /c
...
# after
`,
    set: ['main', 'next'],
    pin: ['missing: true', 'pinned: true'],
    remove: ['  - name: b\n    path: /b\n    branch: main\n    missing: true\n', ''],
    add: ['/c\n...', '/c\n  - name: d\n    path: /code/d\n    objective: "Keep it: fast, [small]"\n...'],
    head: ['/code\nrepos:', '/code\ngenerated_at: now\nrepos:'],
  },
  {
    what: 'tabs',
    text: `repos:\t# tab
  - name: a\t# tab
    path: /a
  - name: b
    path:\t/b\t\t# tabs
    branch: main\t# tab
    missing: true
  - name: c
    path: /c
\t
`,
    set: ['main\t# tab', 'next\t# tab'],
    pin: ['missing: true', 'pinned: true'],
    remove: ['  - name: b\n    path:\t/b\t\t# tabs\n    branch: main\t# tab\n    missing: true\n', ''],
    add: ['/c\n\t', '/c\n  - name: d\n    path: /code/d\n    objective: "Keep it: fast, [small]"\n\t'],
    head: ['repos:\t# tab', 'generated_at: now\nrepos:\t# tab'],
  },
  {
    what: 'spaces behind lines',
    text: `repos:  \x20
  - name: a  \x20
    path: /a\t
  \x20
  - name: b  \x20
    path: /b \x20
    branch: main   \x20
    missing: true \x20
\x20
  - name: c
    path: /c  \x20
 \x20

`,
    set: ['main    ', 'next    '],
    pin: ['missing: true  ', 'pinned: true'],
    remove: ['  - name: b   \n    path: /b  \n    branch: main    \n    missing: true  \n \n', ''],
    add: ['/c   \n  ', '/c   \n  - name: d\n    path: /code/d\n    objective: "Keep it: fast, [small]"\n  '],
    head: ['repos:   ', 'generated_at: now\nrepos:   '],
  },
  {
    what: 'comments everywhere',
    text: `# 1

# 2
repos: # 3
# 4
  # 5
  - name: a # 6
    # 7
    path: /a
    # 8

  # 9
  - name: b
    # 10
    path: /b
    branch:   main
    # 11
    missing: true
    # 12
  # 13
  - # 14
    name: c
    path: /c
    # 15
  # 16
# 17

# 18
`,
    set: ['main', 'next'],
    pin: ['missing: true', 'pinned: true'],
    remove: [
      '  - name: b\n    # 10\n    path: /b\n    branch:   main\n    # 11\n    missing: true\n    # 12\n',
      '',
    ],
    add: [
      '15\n  # 16',
      '15\n  - name: d\n    path: /code/d\n    objective: "Keep it: fast, [small]"\n  # 16',
    ],
    head: ['# 2\nrepos: # 3', '# 2\ngenerated_at: now\nrepos: # 3'],
  },
  {
    what: 'long lines',
    text: `repos:
  - name: a
    path: /a
    objective: word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word end
  - name: b
    path: /b
    branch: main
    missing: true
    verify: [ {name: t,   run: 'npm test'} ]
  - name: c
    path: /c
    objective: word word word word word word word word word word word word word word word word word word word word word word word word word word word word word word
      folded by hand
`,
    set: ['main', 'next'],
    pin: [
      "missing: true\n    verify: [ {name: t,   run: 'npm test'} ]",
      "verify: [ {name: t,   run: 'npm test'} ]\n    pinned: true",
    ],
    remove: [
      "  - name: b\n    path: /b\n    branch: main\n    missing: true\n    verify: [ {name: t,   run: 'npm test'} ]\n",
      '',
    ],
    add: ['hand\n', 'hand\n  - name: d\n    path: /code/d\n    objective: "Keep it: fast, [small]"\n'],
    head: ['repos:', 'generated_at: now\nrepos:'],
  },
  {
    what: 'folded and literal texts, and a list at the margin',
    text: `repos:
- name: a
  path: /a
  objective: >-
    Keep a
    fast.

    And small.
- name: b
  path: /b
  objective: |
    Keep
     b
  branch: main
  missing: true
- name: c
  path: /c
  objective: "Keep
    c
    fast"
  owner: |+
    me

# end
`,
    set: ['main', 'next'],
    pin: ['missing: true', 'pinned: true'],
    remove: [
      '- name: b\n  path: /b\n  objective: |\n    Keep\n     b\n  branch: main\n  missing: true\n',
      '',
    ],
    add: ['me\n\n# end', 'me\n\n- name: d\n  path: /code/d\n  objective: "Keep it: fast, [small]"\n# end'],
    head: ['repos:', 'generated_at: now\nrepos:'],
  },
  {
    what: 'values of several lines',
    text: `repos:
  - name: a
    path: /a
    verify:
    - name: test
      run:   npm test
  - name: b
    path: /b
    branch:   main
    missing: true
    owner:
        who:   me
        mail:   [ a,b ]
  - name: c
    path: /c
`,
    set: ['main', 'next'],
    pin: [
      'missing: true\n    owner:\n        who:   me\n        mail:   [ a,b ]',
      'owner:\n        who:   me\n        mail:   [ a,b ]\n    pinned: true',
    ],
    remove: [
      '  - name: b\n    path: /b\n    branch:   main\n    missing: true\n    owner:\n        who:   me\n        mail:   [ a,b ]\n',
      '',
    ],
    add: ['/c\n', '/c\n  - name: d\n    path: /code/d\n    objective: "Keep it: fast, [small]"\n'],
    head: ['repos:', 'generated_at: now\nrepos:'],
  },
  {
    what: 'anchors',
    text: `x: &c
  land:   hold
repos:
  - <<: *c
    name: a
    path: /a
  - <<:   *c
    name: b
    path: &p   /b
    branch: &m   main
    missing: true
  - name: c
    path: /c
    branch: main
`,
    set: ['  main', '  next'],
    pin: ['missing: true', 'pinned: true'],
    remove: [
      '<<:   *c\n    name: b\n    path: &p   /b\n    branch: &m   main\n    missing: true\n  - name: c',
      'name: c',
    ],
    add: [
      'branch: main\n',
      'branch: main\n  - name: d\n    path: /code/d\n    objective: "Keep it: fast, [small]"\n',
    ],
    head: ['hold\nrepos:', 'hold\ngenerated_at: now\nrepos:'],
  },
  {
    what: 'entries in braces',
    text: `repos:
  - {name: a,   path: /a}
  - { name: b, path: /b,   branch: main, missing: true }
  - {name: c, path: /c, } # c
`,
    set: ['main', 'next'],
    pin: ['missing: true ', 'pinned: true '],
    remove: ['  - { name: b, path: /b,   branch: main, missing: true }\n', ''],
    add: ['c\n', 'c\n  - name: d\n    path: /code/d\n    objective: "Keep it: fast, [small]"\n'],
    head: ['repos:', 'generated_at: now\nrepos:'],
  },
  {
    what: 'a list in brackets',
    text: `code_root: /code
repos: [{name: a,   path: /a},
   { name: b, path: /b,   branch: main, missing: true }, # b
  {name: c, path: /c }] # end
`,
    set: ['main', 'next'],
    pin: ['missing: true ', 'pinned: true '],
    remove: ['   { name: b, path: /b,   branch: main, missing: true }, # b\n', ''],
    add: ['/c }] # end', '/c },\n  {name: d, path: /code/d, objective: "Keep it: fast, [small]"}] # end'],
    head: ['/code\nrepos: [{name: a', '/code\ngenerated_at: now\nrepos: [{name: a'],
  },
  {
    what: 'braces around everything',
    text: `{code_root:   /code, repos: [ {name: a, path: /a}, {name: b, path: /b, branch: main, missing: true}, {name: c, path: /c} ]}
`,
    set: ['main', 'next'],
    pin: ['missing: true', 'pinned: true'],
    remove: ['b, path: /b, branch: main, missing: true}, {name: c', 'c'],
    add: ['/c} ]', '/c}, {name: d, path: /code/d, objective: "Keep it: fast, [small]"} ]'],
    head: ['/code, repos: [ {name: a', '/code, generated_at: now, repos: [ {name: a'],
  },
  {
    what: 'brackets over many lines',
    text: `repos: [
  {
    name: a, # one
    path: /a
  },
  {
    name: b, # two
    path: /b,
    branch: main, # br
    missing: true
  },
  {
    name: c,
    path: /c,
  },
]
`,
    set: ['main', 'next'],
    pin: ['missing: true', 'pinned: true'],
    remove: ['    name: b, # two\n    path: /b,\n    branch: main, # br\n    missing: true\n  },\n  {\n', ''],
    add: [
      '/c,\n  },\n]',
      '/c,\n  },\n  {\n    name: d,\n    path: /code/d,\n    objective: "Keep it: fast, [small]"\n  },\n]',
    ],
    head: ['repos: [', 'generated_at: now\nrepos: ['],
  },
  {
    what: 'the JSON of the first Clone',
    text: `{
    "generated_at": "x",
    "code_root": "/code",
    "repos": [
        { "name": "a", "path": "/a", "n": 1.0,
          "max_cycles_per_run": 0 },
        {"name": "b", "path": "\\/b", "branch": "main", "missing": true },
        {
            "name": "c",
            "path": "/c"
        }
    ]
}
`,
    set: ['"main"', '"next"'],
    pin: ['"missing": true ', '"pinned": true '],
    remove: ['        {"name": "b", "path": "\\/b", "branch": "main", "missing": true },\n', ''],
    add: [
      '  }',
      '  },\n        {\n            "name": "d",\n            "path": "/code/d",\n            "objective": "Keep it: fast, [small]"\n        }',
    ],
    head: ['"x"', '"now"'],
  },
  {
    what: 'JSON on one line',
    text: `{"generated_at":"x","repos":[{"name":"a","path":"/a"},{"name":"b","path":"/b","branch":"main","missing":true},{"name":"c","path":"/c"}]}`,
    set: ['"branch":"main"', '"branch":"next"'],
    pin: ['"missing":true', '"pinned":true'],
    remove: ['"name":"b","path":"/b","branch":"main","missing":true},{"name":"c"', '"name":"c"'],
    add: [
      '"path":"/c"}]',
      '"path":"/c"},{"name":"d","path":"/code/d","objective":"Keep it: fast, [small]"}]',
    ],
    head: ['"generated_at":"x"', '"generated_at":"now"'],
  },
  {
    what: 'JSON with tabs and Windows line ends',
    text: `{\r
\t"generated_at": "x",\r
\t"repos": [\r
\t\t{\r
\t\t\t"name": "a",\r
\t\t\t"path": "/a"\r
\t\t},\r
\t\t{\r
\t\t\t"name": "b",\r
\t\t\t"path": "/b",\r
\t\t\t"branch": "main",\r
\t\t\t"missing": true\r
\t\t},\r
\t\t{\r
\t\t\t"name": "c",\r
\t\t\t"path": "/c"\r
\t\t}\r
\t]\r
}\r
`,
    set: ['"main"', '"next"'],
    pin: ['\t\t\t"missing": true\r', '\t\t\t"pinned": true\r'],
    remove: [
      '\t\t\t"name": "b",\r\n\t\t\t"path": "/b",\r\n\t\t\t"branch": "main",\r\n\t\t\t"missing": true\r\n\t\t},\r\n\t\t{\r\n',
      '',
    ],
    add: [
      '"/c"\r\n\t\t}\r',
      '"/c"\r\n\t\t},\r\n\t\t{\r\n\t\t\t"name": "d",\r\n\t\t\t"path": "/code/d",\r\n\t\t\t"objective": "Keep it: fast, [small]"\r\n\t\t}\r',
    ],
    head: ['"x"', '"now"'],
  },
];

const rows = files.flatMap(({ what, text, ...swaps }) => [
  { does: 'sets a value', what, text, edits: [setBranch], swap: swaps.set },
  { does: 'pins', what, text, edits: pin, swap: swaps.pin },
  { does: 'removes an entry', what, text, edits: [remove], swap: swaps.remove },
  { does: 'adds an entry', what, text, edits: [add], swap: swaps.add },
  { does: 'writes the head', what, text, edits: [header], swap: swaps.head },
]);

it.each(rows)('$does and leaves every other byte alone in a file with $what', ({ text, edits, swap }) => {
  const [from, to] = swap;
  expect(text.split(from)).not.toHaveLength(1);
  const wanted = text.replace(from, () => to);
  expect(edited(text, ...edits)).toBe(wanted);
  expect(editedFlat(text, ...edits) ?? wanted).toBe(wanted);
});

it.each(files)('writes nothing new where nothing is new in a file with $what', ({ text }) => {
  const same = [
    { edit: 'set', name: 'b', values: { branch: 'main', missing: true } },
    { edit: 'unset', name: 'b', keys: ['ignored'] },
    { edit: 'remove', name: 'nobody' },
    { edit: 'set', name: 'nobody', values: { pinned: true } },
  ] as const;
  expect(edited(text, ...same)).toBe(text);
  expect(editedFlat(text, ...same) ?? text).toBe(text);
});

const a = 'repos:\n  - name: a\n    path: /a\n';
const b = '  - name: b\n    path: /b\n    branch: main\n    missing: true\n';
const c = '  - name: c\n    path: /c\n';
const dLines = '  - name: d\n    path: /code/d\n    objective: "Keep it: fast, [small]"\n';
const dFlow = '{name: d, path: /code/d, objective: "Keep it: fast, [small]"}';
const dJson = '{"name": "d", "path": "/code/d", "objective": "Keep it: fast, [small]"}';

it.each<[what: string, text: string, edits: readonly PortfolioEdit[], after: string]>([
  [
    'an entry that stands elsewhere',
    `x: &b\n  name: b\n  path:   /b\n  branch: 'main'\nrepos:\n  - {name: a,  path: /a}\n  - *b\n`,
    [setBranch],
    `x: &b\n  name: b\n  path:   /b\n  branch: 'next'\nrepos:\n  - {name: a,  path: /a}\n  - *b\n`,
  ],
  [
    'an alias for an entry',
    `x: &b\n  name: b\n  path:   /b\nrepos:\n  - {name: a,  path: /a}\n  - *b\n`,
    [remove],
    `x: &b\n  name: b\n  path:   /b\nrepos:\n  - {name: a,  path: /a}\n`,
  ],
  [
    'an entry with an anchor on the line of its dash',
    `${a}  - &b\n    name: b\n    path:  /b\n${c}`,
    [remove],
    a + c,
  ],
  [
    'a key on the line of the dash',
    `repos:\n  -   branch:   main # x\n      name: b\n      path:  /b\n`,
    [{ edit: 'unset', name: 'b', keys: ['branch'] }],
    `repos:\n  -   name: b\n      path:  /b\n`,
  ],
  [
    'a key on the line of the dash, above a comment',
    `repos:\n  - branch:   main # x\n    # y\n    name: b\n    path:  /b\n`,
    [{ edit: 'unset', name: 'b', keys: ['branch'] }],
    `repos:\n  -\n    # y\n    name: b\n    path:  /b\n`,
  ],
  [
    'a value on a line of its own',
    `${a}  - name:\n      b\n    path:  /b\n    branch:\n      main # x\n`,
    [setBranch],
    `${a}  - name:\n      b\n    path:  /b\n    branch:\n      next # x\n`,
  ],
  [
    'a key without a value',
    `repos:\n  - {name: a,  path: /a}\n  - name: b\n    path: /b\n    branch:   # x\n`,
    [setBranch],
    `repos:\n  - {name: a,  path: /a}\n  - name: b\n    path: /b\n    branch: next   # x\n`,
  ],
  [
    'a folded value',
    `repos:\n  - name: b\n    path:  /b\n    branch: >-   # x\n      ma\n      in\n\n${c}`,
    [setBranch],
    `repos:\n  - name: b\n    path:  /b\n    branch: next   # x\n\n${c}`,
  ],
  [
    'a value of several lines',
    `repos:\n  - name: b\n    path:  "/\\\n      b"\n    owner:\n      who: me\n      mail:  [a]\n${c}`,
    [{ edit: 'set', name: 'b', values: { owner: 'it: me', path: '/x' } }],
    `repos:\n  - name: b\n    path:  "/x"\n    owner: "it: me"\n${c}`,
  ],
  [
    'a comment behind the last of many braces',
    `repos: [\n  {\n    name: b, # 1\n    path: /b # 2\n  }, # 3\n]\n`,
    [setBranch, ...pin],
    `repos: [\n  {\n    name: b, # 1\n    path: /b, # 2\n    branch: next,\n    pinned: true\n  }, # 3\n]\n`,
  ],
  [
    'a comment between two on one line',
    `repos: [{name: b,  path: /b}, # b\n  {name: c,  path: /c}, # c\n ]\n`,
    [remove],
    `repos: [ # b\n  {name: c,  path: /c}, # c\n ]\n`,
  ],
  ['a list of one', `# 1\nrepos:  # 2\n  # 3\n${b}  # 4\n`, [remove], '# 1\nrepos: []  # 2\n  # 3\n  # 4\n'],
  ['two gaps', `${a}\n${b}\n${c}`, [remove], `${a}\n${c}`],
  ['a gap above', `${a}${c}\n${b}`, [remove], a + c],
  ['a gap below the first', `repos:\n${b}\n${c}`, [remove], `repos:\n${c}`],
  ['all of them', a + b + c, ['a', 'b', 'c'].map((name) => ({ edit: 'remove', name })), 'repos: []\n'],
  [
    'all of them but one, in brackets',
    'repos: [ {name: a,  path: /a}, {name: b, path: /b}, {name: c,  path: /c} ]\n',
    ['a', 'b'].map((name) => ({ edit: 'remove', name })),
    'repos: [ {name: c,  path: /c} ]\n',
  ],
  [
    'one that goes and comes again',
    `# x\r\n${a}${b}`,
    [remove, { edit: 'add', repo: repo('b') }, { edit: 'set', name: 'b', values: { pinned: true } }],
    `# x\r\n${a}  - name: b\n    path: /code/b\n    pinned: true\n`,
  ],
  [
    'one key that changes twice',
    `# x\r\n${a}${b}`,
    [setBranch, { edit: 'set', name: 'b', values: { branch: 'other' } }, ...pin],
    `# x\r\n${a}  - name: b\n    path: /b\n    branch: other\n    pinned: true\n`,
  ],
  [
    'the last entry and the list below it',
    `# x\r\n${a}`,
    [add, { edit: 'set', name: 'a', values: { pinned: true } }],
    `# x\r\n${a}    pinned: true\n${dLines}`,
  ],
  [
    'a list with nothing in it',
    '# 1\r\nrepos:   # 2\r\n  # 3\r\n',
    [add],
    `# 1\r\nrepos:   # 2\r\n${dLines.replaceAll('\n', '\r\n')}  # 3\r\n`,
  ],
  ['a word for nothing', '# 1\nrepos: ~  # 2\n  # 3\n', [add], `# 1\nrepos:  # 2\n${dLines}  # 3\n`],
  ['an empty list', "'repos':   [ ]   # 2\n", [add], `'repos':   # 2\n${dLines}`],
  ['comments only', '# 1\r\n# 2', [header], '# 1\r\n# 2\r\ngenerated_at: now'],
  [
    'the start of a document only',
    '---\t# 1\n',
    [header, add],
    `---\t# 1\ngenerated_at: now\nrepos:\n${dLines}`,
  ],
  ['the end of a document only', '# 1\n...\n', [header], '# 1\ngenerated_at: now\n...\n'],
  ['no list', 'a:   1\r\n\r\n# x\r\n', [header], 'a:   1\r\ngenerated_at: now\r\n\r\n# x\r\n'],
  [
    'an empty list in braces',
    '{a:   1, repos: []}\n',
    [add, header],
    `{a:   1, generated_at: now, repos: [${dFlow}]}\n`,
  ],
  [
    'an empty list in JSON',
    '{"a":  1.0, "repos": []}',
    [add, header],
    `{"a":  1.0, "generated_at": "now", "repos": [${dJson}]}`,
  ],
  [
    'an empty list in JSON of several lines',
    '{\n\t"a":  1.0,\n\t"repos": []\n}\n',
    [add],
    `{\n\t"a":  1.0,\n\t"repos": [\n\t\t{\n\t\t\t"name": "d",\n\t\t\t"path": "/code/d",\n\t\t\t"objective": "Keep it: fast, [small]"\n\t\t}\n\t]\n}\n`,
  ],
  ['JSON without a list', '{"a": 1}', [header], '{"a": 1, "generated_at": "now"}'],
  [
    'an older YAML',
    `%YAML 1.1\n---\n${a}`,
    [{ edit: 'set', name: 'a', values: { branch: 'yes' } }],
    `%YAML 1.1\n---\n${a}    branch: "yes"\n`,
  ],
])('goes as far as it must with %s', (_what, text, edits, after) => {
  expect(edited(text, ...edits)).toBe(after);
});

const written = [
  'next',
  'it: x',
  "it's",
  '"q"',
  '007',
  'true',
  '',
  ' x',
  '[z], y',
  '#h',
  '- x',
  '*b',
  'null',
  'a\nb',
  '\u2028\u200b\u0007',
  'é😀',
  'k: v: w',
  7,
  false,
];

it.each(files)('says what was meant after any mixture of changes to a file with $what', ({ text }) => {
  let seed = 1;
  const pick = <Value>(values: readonly Value[]): Value => {
    seed = (seed * 48_271) % 2_147_483_647;
    return values[seed % values.length] as Value;
  };
  const anyEdit = (): PortfolioEdit =>
    pick<() => PortfolioEdit>([
      () => ({
        edit: 'set',
        name: pick(['a', 'b', 'c', 'd']),
        values: { [pick(['branch', 'owner', 'x'])]: pick(written) },
      }),
      () => ({ edit: 'unset', name: pick(['a', 'b', 'c']), keys: [pick(['missing', 'branch', 'x'])] }),
      () => ({ edit: 'remove', name: pick(['a', 'b', 'c']) }),
      () => ({ edit: 'add', repo: repo(pick(['d', 'e']), { objective: String(pick(written)) }) }),
      () => ({ edit: 'header', values: { [pick(['generated_at', 'code_root'])]: pick(written) } }),
    ])();
  for (let round = 0; round < 25; round++) {
    const edits = Array.from({ length: pick([1, 2, 3, 4, 5]) }, anyEdit);
    const after = edited(text, ...edits);
    expect.soft(isAsMeant(text, edits, after), JSON.stringify({ edits, after })).toBe(true);
    const flat = editedFlat(text, ...edits) ?? after;
    expect.soft(isAsMeant(text, edits, flat), JSON.stringify({ edits, flat })).toBe(true);
  }
});

function isAsMeant(text: string, edits: readonly PortfolioEdit[], after: string): boolean {
  if (isJson(text)) return areSameJson(after, applyToJson(text, edits));
  const meant = parsePortfolio(text, '');
  const read = parsePortfolio(after, '');
  if (!meant.ok || !read.ok) return false;
  changeDocument(meant.value.document, edits);
  return saySame(read.value.document, meant.value.document);
}

it('refuses to take away what an alias stands for, and says where', () => {
  const text = `${a}${b.replace('main', '&m main')}${c}    branch: *m\n`;
  for (const edit of [setBranch, remove])
    expect(editText(text, [edit], 'repos.yaml')).toMatchObject({
      ok: false,
      failure: { file: 'repos.yaml', line: 10, column: 13, message: expect.stringContaining('*m') as string },
    });
});
