import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { IdeaEdit, Ideas } from '../../ports/ideas.ts';
import { nameFromTitle } from '../../rules/ideas/repo-name.ts';
import { yamlIdeas } from './yaml-ideas.ts';

let folder: string;
let file: string;
let ideas: Ideas;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'clone-ideas-'));
  file = path.join(folder, 'ideas.yaml');
  ideas = yamlIdeas({ folder, nameFromTitle });
});
afterEach(() => rm(folder, { recursive: true }));

const text = (): Promise<string> => readFile(file, 'utf8');

async function change(...edits: readonly IdeaEdit[]): Promise<void> {
  const changed = await ideas.change(() => edits);
  if (!changed.ok) throw new Error(changed.failure.message);
}

const add = (title: string, summary = ''): IdeaEdit => ({
  edit: 'add',
  idea: { id: nameFromTitle(title), title, summary, repoName: nameFromTitle(title) },
});
const mark = (id: string, status: 'ACTIVE' | 'BLOCKED', lastError?: string): IdeaEdit => ({
  edit: 'mark',
  id,
  status,
  lastError,
});

const handMade = `# what we may build
ideas:
  # the best one
  - id: voice-notes-v1
    title: Voice Notes Assistant
    summary: >-
      Capture voice notes,
      summarize them.
    status: NEW   # for now
    repo_name: voice-notes
    tags: [audio, ai]
  - title: 2048
# the end
`;

it('reads ideas, with what a person left out made of the title', async () => {
  await writeFile(file, handMade);
  const read = await ideas.read();
  expect(read.ok && read.value).toEqual([
    {
      id: 'voice-notes-v1',
      title: 'Voice Notes Assistant',
      summary: 'Capture voice notes, summarize them.',
      status: 'NEW',
      repoName: 'voice-notes',
      objective: '',
      lastError: undefined,
    },
    {
      id: '2048',
      title: '2048',
      summary: '',
      status: 'NEW',
      repoName: '2048',
      objective: '',
      lastError: undefined,
    },
  ]);
});

it('keeps comments, order, unknown keys and the writing of values it does not change', async () => {
  await writeFile(file, handMade);
  await change(mark('voice-notes-v1', 'BLOCKED', 'files: test is red'), mark('2048', 'ACTIVE'));
  await change(add('Incident diary', 'One page a week.'));
  expect(await text()).toBe(
    `# what we may build
ideas:
  # the best one
  - id: voice-notes-v1
    title: Voice Notes Assistant
    summary: >-
      Capture voice notes,
      summarize them.
    status: BLOCKED   # for now
    repo_name: voice-notes
    tags: [audio, ai]
    last_error: "files: test is red"
  - title: 2048
    status: ACTIVE
  - id: incident-diary
    title: Incident diary
    summary: One page a week.
    status: NEW
    repo_name: incident-diary
# the end
`,
  );
  await change(mark('voice-notes-v1', 'ACTIVE'));
  expect(await text()).not.toContain('last_error');
});

it.each<[what: string, before: string, edits: readonly IdeaEdit[], after: string]>([
  [
    'entries in braces',
    'ideas:\r\n  - { title: One,   status: "NEW" } # 1\r\n  - {title: Two,  x: [ a,b ]}',
    [mark('one', 'ACTIVE'), mark('two', 'BLOCKED', 'it: red')],
    'ideas:\r\n  - { title: One,   status: "ACTIVE" } # 1\r\n  - {title: Two,  x: [ a,b ],  status: BLOCKED,  last_error: "it: red"}',
  ],
  [
    'room made by hand',
    'ideas:\n-   title:   One\n    status:    NEW # 1\n    last_error:   no # 2\n\n# end',
    [mark('one', 'ACTIVE'), add('Two')],
    'ideas:\n-   title:   One\n    status:    ACTIVE # 1\n- id: two\n  title: Two\n  status: NEW\n  repo_name: two\n\n# end',
  ],
  [
    'JSON',
    '{"ideas": [ {"title": "One", "n": 1.0,  "status": "NEW", "last_error": ""} ]}',
    [mark('one', 'ACTIVE'), add('Two')],
    '{"ideas": [ {"title": "One", "n": 1.0,  "status": "ACTIVE"}, {"id": "two", "title": "Two", "status": "NEW", "repo_name": "two"} ]}',
  ],
])('leaves every other byte of a file with %s alone', async (_what, before, edits, after) => {
  await writeFile(file, before);
  await change(...edits);
  expect(await text()).toBe(after);
});

it('refuses to take away what an alias stands for', async () => {
  const before = 'ideas:\n  - title: One\n    status: &s NEW\n  - title: Two\n    status: *s\n';
  await writeFile(file, before);
  expect(await ideas.change(() => [mark('one', 'ACTIVE')])).toMatchObject({
    ok: false,
    failure: { file, line: 5, column: 13 },
  });
  expect(await text()).toBe(before);
});

it.each([
  ['a missing file', undefined],
  ['an empty file', ''],
  ['only comments', '# nothing yet\n'],
  ['an empty list', '# mine\nideas: []\n'],
  ['a key without a value', 'ideas:\n'],
])('begins with %s', async (_what, before) => {
  if (before !== undefined) await writeFile(file, before);
  expect(await ideas.read()).toEqual({ ok: true, value: [] });
  await change(add('One'), add('Two'));
  const read = await ideas.read();
  expect(read.ok && read.value.map(({ id }) => id)).toEqual(['one', 'two']);
  expect(await text()).toContain('  - id: one\n    title: One\n');
  if (before?.startsWith('#')) expect(await text()).toContain(before.split('\n')[0]);
});

it('keeps Windows line ends, a byte order mark, and a link to a file elsewhere', async () => {
  const target = path.join(folder, 'elsewhere.yaml');
  await writeFile(target, `\uFEFF${handMade.replaceAll('\n', '\r\n')}`);
  await symlink(target, file);
  await change(mark('2048', 'ACTIVE'));
  const after = await readFile(target, 'utf8');
  expect(after.startsWith('\uFEFF# what we may build\r\n')).toBe(true);
  expect(after.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
});

it('reads the first Clone’s JSON as it is, and leaves it JSON', async () => {
  const before = {
    ideas: [
      {
        id: 'diary-20260208T120000Z',
        title: 'Diary',
        summary: 'Notes.',
        status: 'TRIAGED',
        repo_name: 'diary',
        repo_path: '/code/diary',
        objective: 'Build the diary.',
        visibility: 'private',
        tags: [],
        last_error: '',
      },
      { title: 'Other' },
    ],
  };
  await writeFile(file, JSON.stringify(before, undefined, 4));
  const read = await ideas.read();
  expect(read.ok && read.value.map(({ status, objective }) => [status, objective])).toEqual([
    ['TRIAGED', 'Build the diary.'],
    ['NEW', ''],
  ]);
  await change(mark('diary-20260208T120000Z', 'ACTIVE'), mark('other', 'BLOCKED', 'no'), add('Third'));
  const after = JSON.parse(await text()) as typeof before;
  expect(after.ideas[0]).not.toHaveProperty('last_error');
  expect(after.ideas).toEqual([
    { ...before.ideas[0], status: 'ACTIVE', last_error: undefined },
    { title: 'Other', status: 'BLOCKED', last_error: 'no' },
    { id: 'third', title: 'Third', status: 'NEW', repo_name: 'third' },
  ]);
  expect(await text()).toMatch(/^\{\n {4}"ideas"/);
});

const tenTimes = (name: string): string => `[${`*${name}, `.repeat(10)}]`;
const bomb = `a: &a [x]
b: &b ${tenTimes('a')}
c: &c ${tenTimes('b')}
d: &d ${tenTimes('c')}
ideas:
  - {title: a, more: ${tenTimes('d')}}
`;

it.each<
  [what: string, content: string, line: number | undefined, column: number | undefined, message: string]
>([
  ['a bracket that stays open', 'ideas: [\n', 2, 1, ''],
  ['a wrong indentation', 'ideas:\n  - title: a\n   id: b\n', 3, 1, ''],
  ['marks of a merge', 'ideas:\n<<<<<<< ours\n  - title: a\n=======\n>>>>>>> b\n', 2, 1, 'marks of a merge'],
  ['marks of a merge in JSON', '{"ideas": [\n<<<<<<< HEAD\n]}\n', 2, 1, 'marks of a merge'],
  ['a list at the top', '- title: a\n', 1, 1, 'must hold `ideas:`'],
  ['a word for the list', 'ideas: all\n', 1, 8, 'ideas must be a list'],
  ['a word for an idea', 'ideas:\n  - diary\n', 2, 5, 'an idea must hold `title:`'],
  ['no title', 'ideas:\n  - summary: a\n', 2, 5, 'needs a `title`'],
  ['a list for a title', 'ideas:\n  - title: [a]\n', 2, 12, 'title must be a text'],
  ['an unknown status', 'ideas:\n  - title: a\n    status: DONE\n', 3, 13, 'one of NEW, TRIAGED'],
  ['an id that is an option', 'ideas:\n  - title: a\n    id: -rf\n', 3, 9, 'cannot be used'],
  ['an id that is a path', 'ideas:\n  - title: a\n    id: ../x\n', 3, 9, 'cannot be used'],
  [
    'one id twice',
    'ideas:\n  - {title: a, id: x}\n  - {title: b, id: X}\n',
    3,
    5,
    'the id X: in line 2 and in line 3',
  ],
  ['one title twice', 'ideas:\n  - title: a\n  - title: A\n', 3, 5, 'two ideas have the id'],
  [
    'one repository twice',
    'ideas:\n  - {title: a, repo_name: Notes}\n  - {title: b, repo_name: notes}\n',
    3,
    5,
    'the repo_name notes',
  ],
  ['a title without a letter', 'ideas:\n  - title: 日本語\n', 2, 5, 'needs an `id`'],
  ['an entry that multiplies itself', bomb, undefined, undefined, 'Excessive alias count'],
])(
  'refuses a file with %s, says where, and never writes over it',
  async (_what, content, line, column, message) => {
    await writeFile(file, content);
    const read = await ideas.read();
    if (read.ok) throw new Error('it was read');
    expect(read.failure).toMatchObject({ file, line, column });
    expect(read.failure.message).toContain(message);
    expect(await ideas.change(() => [add('New')])).toEqual(read);
    expect(await text()).toBe(content);
    expect(await readdir(folder)).toEqual(['ideas.yaml']);
  },
);

it('refuses a change that would make two of one', async () => {
  await writeFile(file, handMade);
  const changed = await ideas.change(() => [add('2048')]);
  expect(changed).toMatchObject({ ok: false, failure: { line: undefined } });
  expect(await text()).toBe(handMade);
});

it('gives the lock back when the caller changes its mind', async () => {
  await writeFile(file, handMade);
  const refused = ideas.change(() => {
    throw new Error('no');
  });
  await expect(refused).rejects.toThrow('no');
  await change(add('New'));
  expect(await readdir(folder)).toEqual(['ideas.yaml']);
});
