import { expect, it } from 'vitest';

import { readEnvironment } from './environment.ts';
import type { OptionName } from './options.ts';

it.each<[variable: string, text: string, OptionName, value: unknown]>([
  ['PARALLEL_REPOS', '5', 'parallel_repos', 5],
  ['TASKS_PER_REPO', '2', 'tasks_per_repo', 2],
  ['MAX_CYCLES', '0', 'max_cycles', 0],
  ['MAX_HOURS', '1.5', 'max_hours', 1.5],
  ['MODEL', 'gpt-x', 'model', 'gpt-x'],
  ['SLEEP_SECONDS', ' 7 ', 'sleep_seconds', 7],
  ['CODE_ROOT', '/code', 'code_root', '/code'],
  ['CI_AUTOFIX_ENABLED', '0', 'ci_autofix_enabled', false],
  ['IDEA_BOOTSTRAP_ENABLED', '1', 'idea_bootstrap_enabled', true],
  ['PROJECT_MEMORY_MAX_LINES', '400', 'project_memory_max_lines', 400],
  ['CI_WAIT_TIMEOUT_SECONDS', '60', 'ci_wait_timeout_seconds', 60],
  ['CI_POLL_INTERVAL_SECONDS', '30', 'ci_poll_interval_seconds', 30],
  ['CI_MAX_FIX_ATTEMPTS', '1', 'ci_max_fix_attempts', 1],
  ['PROMPTS_FILE', 'p.md', 'prompts_file', 'p.md'],
  ['CORE_PROMPT_FILE', 'c.md', 'core_prompt_file', 'c.md'],
  ['CLONE_LAND', 'hold', 'land', 'hold'],
  ['CLONE_UPDATE_CHECKOUT', 'no', 'update_checkout', false],
  ['CLONE_SETUP', 'npm ci, make', 'setup', ['npm ci', 'make']],
  ['CLONE_SETUP', '["a, b"]', 'setup', ['a, b']],
  [
    'CLONE_VERIFY',
    '["npm test"]',
    'verify',
    [{ name: 'npm test', run: 'npm test', timeout: 0, required: true }],
  ],
])('%s=%s sets an option', (variable, text, name, value) => {
  expect(readEnvironment({ [variable]: text })).toEqual({
    values: { [name]: { value, from: variable } },
    problems: [],
  });
});

it('prefers our name to that of the first Clone', () => {
  const { values } = readEnvironment({ CLONE_TASKS_PER_REPO: '3', TASKS_PER_REPO: '9' });
  expect(values.tasks_per_repo).toEqual({ value: 3, from: 'CLONE_TASKS_PER_REPO' });
});

it('takes an empty variable for none', () => {
  expect(readEnvironment({ MODEL: '', PARALLEL_REPOS: '', CLONE_LAND: undefined })).toEqual({
    values: {},
    problems: [],
  });
});

it.each<[variable: string, text: string, message: string]>([
  ['PARALLEL_REPOS', '0', 'PARALLEL_REPOS in the environment must be between 1 and 64, not 0'],
  ['PARALLEL_REPOS', '0x10', 'PARALLEL_REPOS in the environment must be a whole number, 1 to 64, not "0x10"'],
  ['TASKS_PER_REPO', 'ten', 'TASKS_PER_REPO in the environment must be a whole number, 1 to 100, not "ten"'],
  ['CI_AUTOFIX_ENABLED', 'maybe', 'CI_AUTOFIX_ENABLED in the environment must be 1 or 0, not "maybe"'],
  ['CLONE_VERIFY', 'npm test', 'CLONE_VERIFY in the environment must be a list of checks, not "npm test"'],
])('refuses %s=%s and names the variable', (variable, text, message) => {
  const { values, problems } = readEnvironment({ [variable]: text });
  expect(values).toEqual({});
  expect(problems.map((problem) => problem.message)).toEqual([message]);
});

it('refuses a misspelt variable of ours, for a cap that does not hold is worse than an error', () => {
  expect(readEnvironment({ CLONE_TASK_PER_REPO: '1' }).problems).toEqual([
    {
      message: 'CLONE_TASK_PER_REPO in the environment is not an option',
      hint: 'did you mean CLONE_TASKS_PER_REPO?',
    },
  ]);
});

it.each(['CLONE_HOME', 'CLONE_DEBUG', 'CLONE_ROOT', 'CLONE_LOGS_DIR', 'CLONE_SESSION', 'TASK_PER_REPO'])(
  'leaves %s alone',
  (variable) => {
    expect(readEnvironment({ [variable]: 'x' })).toEqual({ values: {}, problems: [] });
  },
);
