import { expect, it } from 'vitest';

import { checkEntryOption } from './check-entry-option.ts';
import { placePath } from './place-paths.ts';

it.each<[name: string, value: unknown, judged: unknown]>([
  ['tasks_per_repo', 5, { ok: true, value: 5 }],
  ['max_cycles_per_run', 5, undefined],
  ['max_commits_per_run', 0, undefined],
  ['notes', 'mine', undefined],
])('judges %s: %j', (name, value, judged) => {
  expect(checkEntryOption(name, value)).toEqual(judged);
});

it.each<[name: string, value: unknown, message: string, hint: string]>([
  ['tasks_per_repos', 5, 'tasks_per_repos is not an option', 'did you mean tasks_per_repo?'],
  ['paralel_repos', 5, 'paralel_repos is not an option', 'parallel_repos belongs in clone.yaml'],
  ['parallel_repos', 5, 'parallel_repos belongs to the whole run', 'set it in clone.yaml'],
  ['tasks_per_repo', 0, 'tasks_per_repo must be between 1 and 100, not 0', ''],
])('refuses %s: %j', (name, value, message, hint) => {
  const judged = checkEntryOption(name, value);
  if (judged?.ok !== false) throw new Error('it was not refused');
  expect(judged.failure.message).toContain(message);
  expect(judged.failure.hint).toBe(hint);
});

it.each<[name: string, value: unknown, judged: object | undefined]>([
  ['tasks_per_repo', 0, { ok: true, value: 100 }],
  ['tasks_per_repo', 7, { ok: true, value: 7 }],
  ['tasks_per_repo', 1000, { ok: true, value: 100 }],
  ['tasks_per_repo', 1001, { ok: false }],
  ['tasks_per_repo', -1, { ok: false }],
  ['turn_minutes', 0, { ok: false }],
  ['max_commits_per_run', 0, undefined],
])('judges %s: %j in a file of the first Clone by its bounds', (name, value, judged) => {
  const answer = checkEntryOption(name, value, { firstClone: true });
  if (judged === undefined) expect(answer).toBeUndefined();
  else expect(answer).toMatchObject(judged);
});

it.each<[name: Parameters<typeof placePath>[0], value: unknown, placed: unknown]>([
  ['code_root', '~/code', '/at/~/code'],
  ['prompts_file', 'p.md', '/at/p.md'],
  ['prompts_file', '', ''],
  ['codex_path', 'codex', 'codex'],
  ['codex_path', './codex', '/at/./codex'],
  ['model', './m', './m'],
  ['max_cycles', 3, 3],
])('puts %s: %j where it is meant', (name, value, placed) => {
  expect(placePath(name, value, (path) => `/at/${path}`)).toBe(placed);
});
