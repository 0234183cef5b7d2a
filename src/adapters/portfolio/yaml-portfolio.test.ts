import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { checkEntryOption } from '../../config/check-entry-option.ts';
import type { Repo } from '../../domain/repo.ts';
import type { Portfolio, PortfolioEdit } from '../../ports/portfolio.ts';
import { yamlPortfolio } from './yaml-portfolio.ts';

let folder: string;
let file: string;
let portfolio: Portfolio;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'portfolio-'));
  file = path.join(folder, 'repos.yaml');
  portfolio = yamlPortfolio({ folder, userFolder: '/home/me', checkOption: checkEntryOption });
});
afterEach(() => rm(folder, { recursive: true }));

const text = (): Promise<string> => readFile(file, 'utf8');
function repo(name: string, more: Partial<Repo> = {}): Repo {
  const blank = { branch: '', objective: '', lastCommit: undefined, options: {} };
  return { name, path: `/code/${name}`, pinned: false, ignored: false, missing: false, ...blank, ...more };
}
async function names(): Promise<readonly string[]> {
  const read = await portfolio.read();
  if (!read.ok) throw new Error(read.failure.message);
  return read.value.map(({ name }) => name);
}
async function change(...edits: readonly PortfolioEdit[]): Promise<void> {
  const changed = await portfolio.change(() => edits);
  if (!changed.ok) throw new Error(changed.failure.message);
}

const handMade = `# our portfolio
code_root: /code   # the big disk

repos:
  # the important one
  - name: api
    path: ~/code/api
    branch: main # never next
    objective: "Keep it: fast"
    owner: 'Ada'
    tasks_per_repo: 5

  - name: web
    path: web
    pinned: true
    last_commit: 2026-11-19T19:34:42Z
# the end
`;

it('reads entries: paths made whole, options told from keys of others', async () => {
  await writeFile(file, handMade);
  expect(await portfolio.read()).toEqual({
    ok: true,
    value: [
      repo('api', {
        path: '/home/me/code/api',
        branch: 'main',
        objective: 'Keep it: fast',
        options: { tasks_per_repo: 5 },
      }),
      repo('web', { path: path.join(folder, 'web'), pinned: true, lastCommit: '2026-11-19T19:34:42Z' }),
    ],
  });
});

it.each<[what: string, content: string | undefined]>([
  ['a missing file', undefined],
  ['an empty file', ''],
  ['comments only', '# nothing yet\n'],
  ['a head only', 'code_root: /code\n'],
  ['a list without entries', 'repos: []\n'],
  ['a list that is not there', 'repos:\n'],
])('takes %s for an empty portfolio, and adds to it', async (_what, content) => {
  if (content !== undefined) await writeFile(file, content);
  expect(await names()).toEqual([]);
  await change({ edit: 'add', repo: repo('api') });
  expect(await names()).toEqual(['api']);
  expect(await text()).toContain('repos:\n  - name: api\n    path: /code/api\n');
  for (const line of (content ?? '').split('\n').filter((part) => /^#|code_root/.test(part)))
    expect(await text()).toContain(line);
});

it('keeps comments, order, quotes and keys that it does not know', async () => {
  await writeFile(file, handMade);
  await change(
    { edit: 'set', name: 'api', values: { branch: 'next', ignored: true } },
    { edit: 'unset', name: 'web', keys: ['pinned'] },
    { edit: 'add', repo: repo('new', { objective: 'x'.repeat(200), options: { land: 'hold' } }) },
    { edit: 'header', values: { generated_at: '2026-11-20T21:00:00Z', code_root: '/other' } },
  );
  expect(await text()).toBe(`# our portfolio
code_root: /other   # the big disk
generated_at: 2026-11-20T21:00:00Z

repos:
  # the important one
  - name: api
    path: ~/code/api
    branch: next # never next
    objective: "Keep it: fast"
    owner: 'Ada'
    tasks_per_repo: 5
    ignored: true

  - name: web
    path: web
    last_commit: 2026-11-19T19:34:42Z
  - name: new
    path: /code/new
    objective: ${'x'.repeat(200)}
    land: hold
# the end
`);
});

it('changes plain lines and no others', async () => {
  await writeFile(file, handMade);
  await change(
    {
      edit: 'set',
      name: 'api',
      values: { branch: 'next', pinned: true, last_commit: '2026-11-20T21:00:00Z' },
    },
    { edit: 'set', name: 'web', values: { pinned: false, objective: 'Keep it: "fast"' } },
    { edit: 'add', repo: repo('new', { objective: '007', options: { land: 'hold', tasks_per_repo: 3 } }) },
    { edit: 'add', repo: repo('it’s: new') },
    { edit: 'header', values: { generated_at: '2026-11-20T21:00:00Z', code_root: '/other' } },
  );
  expect(await text()).toBe(`# our portfolio
code_root: /other   # the big disk
generated_at: 2026-11-20T21:00:00Z

repos:
  # the important one
  - name: api
    path: ~/code/api
    branch: next # never next
    objective: "Keep it: fast"
    owner: 'Ada'
    tasks_per_repo: 5
    pinned: true
    last_commit: 2026-11-20T21:00:00Z

  - name: web
    path: web
    pinned: false
    last_commit: 2026-11-19T19:34:42Z
    objective: 'Keep it: "fast"'
  - name: new
    path: /code/new
    objective: "007"
    land: hold
    tasks_per_repo: 3
  - name: "it’s: new"
    path: "/code/it’s: new"
# the end
`);
});

const verifyNew = repo('new', { options: { verify: [{ name: 'test', run: 'npm test' }] } });

it.each<[what: string, edits: readonly PortfolioEdit[], contains: string]>([
  ['a value of several parts', [{ edit: 'add', repo: verifyNew }], 'run: npm test'],
  [
    'an entry that was just added',
    [
      { edit: 'add', repo: repo('new') },
      { edit: 'set', name: 'new', values: { pinned: true } },
    ],
    '- name: new\n    path: /code/new\n    pinned: true\n',
  ],
  [
    'a value that is taken out again',
    [
      { edit: 'set', name: 'api', values: { pinned: true } },
      { edit: 'unset', name: 'api', keys: ['pinned', 'branch'] },
    ],
    'path: ~/code/api\n    objective:',
  ],
])('can do what lines cannot: %s', async (_what, edits, contains) => {
  await writeFile(file, handMade);
  await change(...edits);
  expect(await text()).toContain(contains);
  expect(await text()).toContain('# the important one');
  expect(await names()).toContain('api');
});

it.each<[what: string, before: string, after: string]>([
  ['a comment and an empty list', '# head\nrepos: []\n', '# head\n@\nrepos: []\n'],
  ['a comment and entries', '# head\nrepos:\n  - name: a\n    path: /a\n', '# head\n@\nrepos:\n'],
  ['a comment, not flat', '# head\nrepos:\n  - {name: a, path: /a}\n', '# head\n@\nrepos:\n'],
  ['two comments', '# head\n\n# list\nrepos: []\n', '# head\n\n# list\n@\nrepos: []\n'],
  ['two comments, not flat', '# head\n\n# list\nrepos: [] # {\n', '# head\n\n# list\n@\nrepos: []'],
  ['a key', '# head\nowner: me\n\nrepos: []\n', '# head\nowner: me\n@\n\nrepos: []\n'],
  ['nothing but a comment', '# head\n', '# head\n@\n'],
  ['nothing', '', '@\n'],
])('writes the head below the comment of a file with %s', async (_what, before, after) => {
  await writeFile(file, before);
  await change({ edit: 'header', values: { generated_at: 'now', code_root: '/code' } });
  expect(await text()).toContain(after.replace('@', 'generated_at: now\ncode_root: /code'));
  expect((await text()).startsWith(before.split('\n')[0] ?? '')).toBe(true);
});

it.each<[what: string, content: string | undefined, root: string | undefined]>([
  ['flat YAML', 'code_root: ~/code # mine\nrepos: []\n', '/home/me/code'],
  ['other YAML', '{code_root: /code, repos: []}\n', '/code'],
  ['JSON', '{"code_root": "/code", "repos": []}', '/code'],
  ['a file that names none', 'repos: []\n', undefined],
  ['no file', undefined, undefined],
])('knows the folder of the repositories from %s', async (_what, content, root) => {
  if (content !== undefined) await writeFile(file, content);
  expect(await portfolio.codeRoot()).toEqual({ ok: true, value: root });
});

it('does not guess the folder of the repositories in a broken file', async () => {
  await writeFile(file, 'code_root: /code\nrepos: [\n');
  expect(await portfolio.codeRoot()).toMatchObject({ ok: false, failure: { file, line: 3 } });
});

it('removes an entry and nothing else', async () => {
  await writeFile(file, handMade);
  await change({ edit: 'remove', name: 'api' });
  expect(await names()).toEqual(['web']);
  expect(await text()).toContain('# the important one\n\n  - name: web\n');
  await change({ edit: 'remove', name: 'web' });
  expect(await names()).toEqual([]);
  expect(await text()).toBe(`# our portfolio
code_root: /code   # the big disk

repos: []
  # the important one

# the end
`);
});

it('leaves the file alone when there is nothing to change', async () => {
  await writeFile(file, handMade);
  await change();
  await change({ edit: 'remove', name: 'nobody' }, { edit: 'set', name: 'nobody', values: { pinned: true } });
  await change({ edit: 'set', name: 'api', values: { objective: 'Keep it: fast', branch: 'main' } });
  expect(await text()).toBe(handMade);
});

it('keeps Windows line ends and the byte order mark', async () => {
  await writeFile(file, `\uFEFF${handMade.replaceAll('\n', '\r\n')}`);
  expect(await names()).toEqual(['api', 'web']);
  await change({ edit: 'set', name: 'web', values: { ignored: true } });
  const after = await text();
  expect(after.startsWith('\uFEFF# our portfolio\r\n')).toBe(true);
  expect(after.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  expect(after).toContain('    branch: main # never next\r\n');
});

it('keeps a list that is not indented as it is', async () => {
  await writeFile(file, 'repos:\n- name: api\n  path: /a\n');
  await change({ edit: 'add', repo: repo('web') });
  expect(await text()).toBe('repos:\n- name: api\n  path: /a\n- name: web\n  path: /code/web\n');
});

const firstClone = `{
    "generated_at": "2026-02-08T12:00:00Z",
    "threshold_date": "2025-12-10",
    "repos": [
        { "name": "api", "path": "/code/api", "branch": "main", "objective": null,
          "last_commit": "2026-02-08T10:00:00-05:00", "max_cycles_per_run": 0 },
        { "name": "web: one", "path": "/code/web", "tasks_per_repo": 5 }
    ]
}
`;

it.each<[what: string, content: string]>([
  ['as it was written', firstClone],
  ['indented with tabs', firstClone.replaceAll('    ', '\t')],
  ['on one line', JSON.stringify(JSON.parse(firstClone))],
])('reads the JSON of the first Clone %s, and leaves it JSON', async (_what, content) => {
  await writeFile(file, content);
  expect(await names()).toEqual(['api', 'web: one']);
  await change(
    { edit: 'set', name: 'api', values: { pinned: true } },
    { edit: 'unset', name: 'web: one', keys: ['tasks_per_repo'] },
    { edit: 'add', repo: repo('new') },
    { edit: 'header', values: { generated_at: 'now' } },
  );
  const before = JSON.parse(firstClone) as { repos: object[] };
  const after: unknown = JSON.parse(await text());
  expect(after).toEqual({
    ...before,
    generated_at: 'now',
    repos: [
      { ...before.repos[0], pinned: true },
      { name: 'web: one', path: '/code/web' },
      { name: 'new', path: '/code/new' },
    ],
  });
  expect(Object.keys(after as object)).toEqual(Object.keys(before));
  await change({ edit: 'remove', name: 'api' });
  expect(await names()).toEqual(['web: one', 'new']);
});

it('takes names and branches as they are written', async () => {
  await writeFile(file, 'repos:\n  - {name: 007, path: /a, branch: 1.10}\n');
  const read = await portfolio.read();
  expect(read.ok && read.value[0]).toMatchObject({ name: '007', branch: '1.10' });
  await change({ edit: 'set', name: '007', values: { pinned: true } });
  expect(await text()).toBe('repos:\n  - {name: 007, path: /a, branch: 1.10, pinned: true}\n');
});

it('understands what entries have in common through an anchor', async () => {
  await writeFile(
    file,
    'common: &careful\n  land: hold\nrepos:\n  - <<: *careful\n    name: api\n    path: /a\n  - <<: *careful\n    name: web\n    path: /b\n',
  );
  const read = await portfolio.read();
  expect(read.ok && read.value.map(({ options }) => options)).toEqual([{ land: 'hold' }, { land: 'hold' }]);
  await change({ edit: 'set', name: 'web', values: { land: 'pr' } });
  const after = await portfolio.read();
  expect(after.ok && after.value.map(({ options }) => options)).toEqual([{ land: 'hold' }, { land: 'pr' }]);
});

const tenTimes = (name: string): string => `[${`*${name}, `.repeat(10)}]`;
const bomb = `a: &a [x]
b: &b ${tenTimes('a')}
c: &c ${tenTimes('b')}
d: &d ${tenTimes('c')}
repos:
  - {name: a, path: /a, more: ${tenTimes('d')}}
`;

it('reads the task caps of the first Clone, where 0 was none, and leaves them as they are', async () => {
  const content = JSON.stringify({
    repos: [0, 7, 1000].map((cap) => ({ name: `n${cap}`, path: `/n${cap}`, tasks_per_repo: cap })),
  });
  await writeFile(file, content);
  const read = await portfolio.read();
  expect(read.ok && read.value.map(({ options }) => options)).toEqual(
    [100, 7, 100].map((cap) => ({ tasks_per_repo: cap })),
  );
  await change({ edit: 'set', name: 'n7', values: { pinned: true } });
  expect(await text()).toBe(content.replace('"tasks_per_repo":7', '"tasks_per_repo":7,"pinned":true'));
});

it.each<[what: string, content: string, line: number | undefined, message: string, hint: string]>([
  ['a bracket that stays open', 'repos: [\n', 2, '', 'not valid YAML'],
  ['a wrong indentation', 'repos:\n  - name: a\n   path: b\n', 3, '', 'not valid YAML'],
  ['two documents', 'repos: []\n---\nrepos: []\n', 2, 'a second document begins here', 'take out the line'],
  [
    'the list under a name like repos',
    'reposs:\n  - name: a\n    path: /a\n',
    1,
    'reposs is not a key',
    'repos?',
  ],
  ['an empty list under a name like repos', '# a\nrepo: []\n', 2, 'repo is not a key', 'repos?'],
  ['one key twice', 'repos:\n  - name: a\n    name: b\n', 3, 'unique', ''],
  ['a list at the top', '- name: a\n', 1, 'must hold `repos:`', 'clone init'],
  ['a word for the list', 'repos: all\n', 1, 'repos must be a list', ''],
  ['a word for an entry', 'repos:\n  - api\n', 2, 'an entry must hold', ''],
  ['no name', 'repos:\n  - path: /a\n', 2, 'needs a `name`', ''],
  ['no path', 'repos:\n  - name: a\n', 2, 'a needs a `path`', ''],
  [
    'a word for a mark',
    'repos:\n  - name: a\n    path: /a\n    pinned: yes please\n',
    4,
    'pinned of a must be true or false',
    'pinned: true',
  ],
  [
    'a list for a branch',
    'repos:\n  - name: a\n    path: /a\n    branch: [b]\n',
    4,
    'branch of a must be a text',
    '',
  ],
  [
    'a misspelt mark',
    'repos:\n  - name: a\n    path: /a\n    pined: true\n',
    4,
    'a: pined is not a key',
    'did you mean pinned?',
  ],
  [
    'a misspelt option',
    'repos:\n  - name: a\n    path: /a\n    task_per_repo: 1\n',
    4,
    'a: task_per_repo is not an option',
    'did you mean tasks_per_repo?',
  ],
  [
    'an option out of bounds',
    'repos:\n  - name: a\n    path: /a\n    tasks_per_repo: 0\n',
    4,
    'must be between 1 and 100',
    '',
  ],
  [
    'an option of the run',
    'repos:\n  - name: a\n    path: /a\n    parallel_repos: 2\n',
    4,
    'belongs to the whole run',
    'clone.yaml',
  ],
  [
    'one name twice',
    'repos:\n  - name: a\n    path: /a\n  - name: a\n    path: /b\n',
    4,
    'a stands twice: in line 2 and in line 4',
    'rename',
  ],
  ['an entry that multiplies itself', bomb, undefined, 'Excessive alias count', ''],
])(
  'refuses a file with %s, says where, and never writes over it',
  async (_what, content, line, message, hint) => {
    await writeFile(file, content);
    const read = await portfolio.read();
    if (read.ok) throw new Error('it was read');
    expect(read.failure).toMatchObject({ file, line });
    expect(read.failure.message).toContain(message);
    expect(read.failure.hint).toContain(hint);
    const changed = await portfolio.change(() => [{ edit: 'add', repo: repo('new') }]);
    expect(changed).toEqual(read);
    expect(await text()).toBe(content);
    expect(await readdir(folder)).toEqual(['repos.yaml']);
  },
);

it('refuses a change that would make the file unreadable', async () => {
  await writeFile(file, handMade);
  const changed = await portfolio.change(() => [{ edit: 'add', repo: repo('api') }]);
  expect(changed).toMatchObject({ ok: false, failure: { line: undefined } });
  expect(await text()).toBe(handMade);
});

it('says that a folder is no file', async () => {
  await mkdir(file);
  expect(await portfolio.read()).toMatchObject({
    ok: false,
    failure: { message: 'is a folder, not a file' },
  });
});

it.each<[what: string, there: boolean]>([
  ['is there', true],
  ['is not there yet', false],
])('changes the file that a link leads to when it %s', async (_what, there) => {
  const target = path.join(folder, 'elsewhere.yaml');
  if (there) await writeFile(target, handMade);
  await symlink('elsewhere.yaml', file);
  await change({ edit: 'add', repo: repo('new') });
  expect((await lstat(file)).isSymbolicLink()).toBe(true);
  expect(await readFile(target, 'utf8')).toContain('- name: new');
});

it('changes what the user saved while it was at work', async () => {
  await writeFile(file, handMade);
  const asked: (readonly string[])[] = [];
  const changed = await portfolio.change((repos) => {
    asked.push(repos.map(({ name }) => name));
    if (asked.length === 1) writeFileSync(file, `${handMade.replace('name: web', "name: 'site'")}# mine\n`);
    return [{ edit: 'add', repo: repo('new') }];
  });
  expect(changed.ok).toBe(true);
  expect(asked).toEqual([
    ['api', 'web'],
    ['api', 'site'],
  ]);
  expect(await names()).toEqual(['api', 'site', 'new']);
  expect(await text()).toContain('# mine\n');
  expect(await readdir(folder)).toEqual(['repos.yaml']);
});

it('gives up when the file never rests, and writes nothing', async () => {
  let count = 0;
  const changed = await portfolio.change(() => {
    count += 1;
    writeFileSync(file, `# ${count}\n`);
    return [{ edit: 'add', repo: repo('new') }];
  });
  expect(changed).toMatchObject({
    ok: false,
    failure: { message: expect.stringContaining('again and again') as string },
  });
  expect(await text()).toBe(`# ${count}\n`);
  expect(await readdir(folder)).toEqual(['repos.yaml']);
});

it('never writes over bytes that are no text, and says where they are', async () => {
  const bytes = Buffer.from(`# ours\n# caf\u00e9\n${handMade}`, 'latin1');
  await writeFile(file, bytes);
  const changed = await portfolio.change(() => [{ edit: 'add', repo: repo('new') }]);
  expect(changed).toMatchObject({
    ok: false,
    failure: { file, line: 2, column: 6, message: 'holds bytes that are not UTF-8 text' },
  });
  expect(await readFile(file)).toEqual(bytes);
});

it('gives the lock back when the caller changes its mind', async () => {
  await writeFile(file, handMade);
  await expect(
    portfolio.change(() => {
      throw new Error('no such name');
    }),
  ).rejects.toThrow('no such name');
  await change({ edit: 'add', repo: repo('new') });
  expect(await readdir(folder)).toEqual(['repos.yaml']);
});

it('loses nothing when several processes change it at once', async () => {
  const adding = `
    const { yamlPortfolio } = await import(process.argv[1]);
    const portfolio = yamlPortfolio({ folder: process.argv[2], userFolder: '/', checkOption: () => undefined });
    for (let count = 0; count < 8; count++) {
      const name = process.argv[3] + count;
      const repo = { name, path: '/' + name, branch: '', objective: '', pinned: false, ignored: false, missing: false, options: {} };
      const changed = await portfolio.change(() => [{ edit: 'add', repo }]);
      if (!changed.ok) throw new Error(changed.failure.message);
    }`;
  const module = new URL('./yaml-portfolio.ts', import.meta.url).href;
  await writeFile(file, '# ours\n');
  await Promise.all(
    ['a', 'b', 'c'].map((name) =>
      promisify(execFile)(process.execPath, [
        '--input-type=module',
        '-e',
        adding,
        '--',
        module,
        folder,
        name,
      ]),
    ),
  );
  const wanted = ['a', 'b', 'c'].flatMap((name) =>
    Array.from({ length: 8 }, (_, count) => `${name}${count}`),
  );
  expect([...(await names())].sort()).toEqual(wanted);
  expect(await text()).toContain('# ours');
  expect(await readdir(folder)).toEqual(['repos.yaml']);
});
