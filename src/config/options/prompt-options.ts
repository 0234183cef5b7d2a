import { integer, type OptionSpec, string } from './option-spec.ts';

/** Prompts and logs. */
export const promptOptions = {
  prompts_file: string('Steering prompt that replaces the built-in one.', '', 'home', {
    env: ['PROMPTS_FILE'],
  }),
  core_prompt_file: string('Core prompt that replaces the built-in one.', '', 'home', {
    env: ['CORE_PROMPT_FILE'],
  }),
  prompts_dir: string(
    'Folder whose NAME.md files replace the prompts of the same name, before all others; in a repos.yaml entry: for that repository. Never inside the repository itself.',
    '',
    'repo',
    { tighter: 'never' },
  ),
  keep_runs: integer('Run folders kept under logs/; older ones are removed.', 50, [1, 100_000], 'home'),
  keep_logs_mb: integer(
    'Size of logs/ above which the oldest runs are removed, in MB.',
    2000,
    [10, 10_000_000],
    'home',
  ),
} as const satisfies Record<string, OptionSpec>;
