import { Ajv } from 'ajv';
import { expect, it } from 'vitest';
import { parse } from 'yaml';

import { settingsSchema } from './json-schema.ts';
import { optionNames } from './option-groups.ts';
import { readSettings } from './read-settings.ts';
import { starterSettings } from './starter-files.ts';

it.each<[what: string, text: string]>([
  ['nothing', ''],
  ['comments only', '# nothing\n\n# here\n'],
  ['an empty value', '~\n'],
  ['the starter file', starterSettings()],
])('reads %s as no settings', (_what, text) => {
  expect(readSettings(text, 'home')).toEqual({ values: {}, problems: [] });
});

it.each<[what: string, text: string]>([
  ['block style', 'tasks_per_repo: 3\nland: hold # yes\nsetup:\n- npm ci\n'],
  ['Windows line ends', '\uFEFFtasks_per_repo: 3\r\nland: hold\r\nsetup: [npm ci]\r\n'],
  ['JSON', '{ "tasks_per_repo": 3, "land": "hold", "setup": ["npm ci"] }'],
  ['an anchor', 'tasks_per_repo: &n 3\nland: hold\nsetup: &s [npm ci]\n'],
])('reads %s', (_what, text) => {
  expect(readSettings(text, 'home')).toEqual({
    values: { tasks_per_repo: 3, land: 'hold', setup: ['npm ci'] },
    problems: [],
  });
});

it.each<[text: string, line: number, column: number, message: string, hint: string]>([
  ['a: [\n', 2, 1, '', ''],
  ['land: hold\n\n  x: 1\n', 1, 7, '', 'not valid YAML'],
  ['land: hold\nland: push\n', 2, 1, 'unique', ''],
  ['land: hold\n---\nland: push\n', 2, 1, 'a second document begins here', 'take out the line `---`'],
  ['cycles: 3\n', 1, 1, 'cycles is not an option', 'did you mean max_cycles?'],
  ['hours: 3\n', 1, 1, 'hours is not an option', 'did you mean max_hours?'],
  ['- a\n', 1, 1, 'must hold `option: value` lines', ''],
  ['# c\ntasks_per_repos: 3\n', 2, 1, 'tasks_per_repos is not an option', 'did you mean tasks_per_repo?'],
  ['zebra: 3\n', 1, 1, 'zebra is not an option', 'clone config show'],
  ['5: 3\n', 1, 1, '5 is not an option', ''],
  ['tasks_per_repo: 101\n', 1, 17, 'tasks_per_repo must be between 1 and 100, not 101', ''],
  ['tasks_per_repo:\n', 1, 16, 'not empty', ''],
  ['land: pus\n', 1, 7, 'land must be one of', 'did you mean push?'],
  ['setup:\n  - a\n  - 5\n', 3, 5, 'setup must hold texts only, not 5', ''],
  ['verify:\n  - run: a\n    timout: 5\n', 3, 13, 'verify has no key timout', 'did you mean timeout?'],
])('finds what is wrong with %j in line %i, column %i', (text, line, column, message, hint) => {
  const { problems } = readSettings(text, 'home');
  expect(problems[0]).toMatchObject({ line, column });
  expect(problems[0]?.message).toContain(message);
  expect(problems[0]?.hint).toContain(hint);
});

it('takes what is right and tells every problem', () => {
  const { values, problems } = readSettings('land: pus\nmax_cycles: 2\ntasks: 3\n', 'home');
  expect(values).toEqual({ max_cycles: 2 });
  expect(problems).toHaveLength(2);
});

it('refuses an option of the whole run in an in-repo file', () => {
  const { values, problems } = readSettings('parallel_repos: 3\nland: hold\n', 'repo');
  expect(values).toEqual({ land: 'hold' });
  expect(problems[0]?.message).toBe(
    'parallel_repos belongs to the whole run and cannot be set for one repository',
  );
});

it.each<[what: string, text: string]>([
  ['holds itself', 'setup: &a [*a]\n'],
  ['is nested without end', `setup: ${'['.repeat(60_000)}`],
  ['is nested without end and closed', `setup: ${'['.repeat(20_000)}${']'.repeat(20_000)}`],
  ['names an anchor that is not there', 'setup: *nowhere\n'],
])('survives a file that %s', (_what, text) => {
  const { values, problems } = readSettings(text, 'repo');
  expect(values).toEqual({});
  expect(problems).not.toEqual([]);
});

it('survives a file that multiplies itself', () => {
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x,x]',
    ...'bcdefgh'.split('').map((name, index) => {
      const before = 'abcdefg'.charAt(index);
      return `${name}: &${name} [${`*${before},`.repeat(10)}]`;
    }),
    'setup: *h',
  ].join('\n');
  expect(readSettings(bomb, 'repo').values).toEqual({});
});

it('offers every option in the starter file, with its default', () => {
  const lines = starterSettings()
    .split('\n')
    .filter((line) => optionNames.some((name) => line.startsWith(`# ${name}: `)));
  const text = lines.map((line) => line.slice(2)).join('\n');
  expect(readSettings(text, 'home').problems).toEqual([]);
  expect(Object.keys(parse(text) as object)).toEqual(optionNames);
});

it('has a schema that accepts what we accept and refuses what we refuse', () => {
  const validate = new Ajv({ allowUnionTypes: true }).compile(settingsSchema('home'));
  const rows: readonly [text: string, right: boolean][] = [
    ['land: hold', true],
    ['verify: [npm test, {run: make, timeout: 5}]', true],
    ['', true],
    ['land: pus', false],
    ['tasks_per_repo: 101', false],
    ['tasks_per_repos: 1', false],
    ['verify: [{name: x}]', false],
  ];
  for (const [text, right] of rows) {
    expect([text, validate(parse(text))]).toEqual([text, right]);
    expect([text, readSettings(text, 'home').problems.length === 0]).toEqual([text, right]);
  }
});

it('leaves out of the in-repo schema what may not stand there', () => {
  const { properties } = settingsSchema('repo') as { properties: Record<string, unknown> };
  expect(Object.keys(properties)).toContain('land');
  expect(Object.keys(properties)).not.toContain('verify');
  expect(Object.keys(properties)).not.toContain('parallel_repos');
});
