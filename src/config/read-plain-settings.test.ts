import { expect, it } from 'vitest';

import type { OptionScope } from './options.ts';
import { readPlainSettings } from './read-plain-settings.ts';
import { readSettings } from './read-settings.ts';
import { starterSettings } from './starter-files.ts';

it.each<[what: string, text: string, scope: OptionScope]>([
  ['nothing', '', 'home'],
  ['comments only', '# nothing\n\n# here\n', 'home'],
  ['the starter file', starterSettings(), 'home'],
  ['lines', 'tasks_per_repo: 3\nland: hold # yes\ncode_root: "~/my code"\n', 'home'],
  ['lines of a repository', "land: hold\ncommit_name: 'Ada'\n", 'repo'],
])('reads %s as the parser of all of YAML does', (_what, text, scope) => {
  expect(readPlainSettings(text, scope)).toEqual(readSettings(text, scope).values);
});

it.each<[what: string, text: string, scope: OptionScope]>([
  ['a list', 'setup: [npm ci]\n', 'home'],
  ['a list over several lines', 'setup:\n  - npm ci\n', 'home'],
  ['no value', 'setup:\n', 'home'],
  ['a key that is no option', 'zebra: 3\n', 'home'],
  ['a value out of bounds', 'tasks_per_repo: 101\n', 'home'],
  ['an option of the run', 'parallel_repos: 3\n', 'repo'],
  ['a key twice', 'land: hold\nland: push\n', 'home'],
])('leaves %s to it', (_what, text, scope) => {
  expect(readPlainSettings(text, scope)).toBeUndefined();
});
