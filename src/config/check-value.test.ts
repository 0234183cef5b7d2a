import { expect, it } from 'vitest';

import { checkValue, unnamedTimeout } from './check-value.ts';
import { optionList, specOf } from './option-groups.ts';
import type { OptionName } from './options.ts';

it.each<[OptionName, unknown]>([
  ['parallel_repos', 1],
  ['parallel_repos', 64],
  ['max_hours', 0.5],
  ['ci_autofix_enabled', false],
  ['model', ''],
  ['land', 'hold'],
  ['setup', []],
  ['setup', ['npm ci']],
])('%s takes %j', (name, value) => {
  expect(checkValue(specOf(name), value)).toEqual({ ok: true, value });
});

it.each<[OptionName, unknown, message: string, hint: string]>([
  ['parallel_repos', 0, 'must be between 1 and 64, not 0', ''],
  ['parallel_repos', 65, 'must be between 1 and 64, not 65', ''],
  ['parallel_repos', 1.5, 'must be a whole number, not 1.5', ''],
  ['parallel_repos', '3', 'must be a whole number, 1 to 64, not "3"', ''],
  ['parallel_repos', null, 'must be a whole number, 1 to 64, not empty', ''],
  ['max_hours', Number.NaN, 'must be a number, 0 to 8760, not null', ''],
  ['ci_autofix_enabled', 1, 'must be true or false, not 1', ''],
  ['model', 5, 'must be a text, not 5', 'put it in quotes'],
  ['model', 'a\0b', 'must not hold a NUL character', ''],
  ['land', 'pus', 'must be one of hold, pr, push, not "pus"', 'did you mean push?'],
  ['land', true, 'must be one of hold, pr, push, not true', ''],
  ['setup', 'npm ci', 'must be a list of texts, not "npm ci"', 'write [a, b], or one `- a` per line'],
])('%s refuses %j: %s', (name, value, message, hint) => {
  expect(checkValue(specOf(name), value)).toEqual({ ok: false, failure: { message, hint, at: [] } });
});

it('completes a check with what it leaves out', () => {
  expect(
    checkValue(specOf('verify'), [
      'npm test',
      { name: 'lint', run: 'npm run lint', timeout: 60, required: false },
    ]),
  ).toEqual({
    ok: true,
    value: [
      { name: 'npm test', run: 'npm test', timeout: unnamedTimeout, required: true },
      { name: 'lint', run: 'npm run lint', timeout: 60, required: false },
    ],
  });
});

it.each<[what: string, value: unknown, message: string, at: readonly (string | number)[]]>([
  ['no list', { run: 'x' }, 'must be a list of checks', []],
  ['no command', [{ name: 'a' }], 'needs `run`', [0]],
  ['an empty command', [' '], 'needs `run`', [0]],
  ['a number', ['npm test', 7], 'must hold checks', [1]],
  ['an unknown key', [{ run: 'x', timout: 5 }], 'has no key timout', [0, 'timout']],
  ['a time limit of none', [{ run: 'x', timeout: 0 }], 'needs whole seconds', [0, 'timeout']],
  ['a name of the wrong kind', [{ run: 'x', name: 5 }], 'needs a text as `name`', [0, 'name']],
  ['a word for required', [{ run: 'x', required: 'yes' }], 'needs true or false', [0, 'required']],
  ['one name twice', ['a', 'a'], 'must name each check differently', [1]],
])('refuses checks with %s, and says where', (_what, value, message, at) => {
  const checked = checkValue(specOf('verify'), value);
  expect(checked).toMatchObject({
    ok: false,
    failure: { at, message: expect.stringContaining(message) as string },
  });
});

it.each(optionList.map(([name]) => name))('the default of %s fits its own bounds', (name) => {
  expect(checkValue(specOf(name), specOf(name).default).ok).toBe(true);
});
