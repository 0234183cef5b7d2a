import type { OptionName } from './options.ts';

/** Options that name a file or folder. */
const paths: readonly OptionName[] = [
  'code_root',
  'codex_home',
  'github_token_file',
  'prompts_file',
  'core_prompt_file',
  'prompts_dir',
];
/** Options that name a program: a bare word is looked up on PATH and stays as it is. */
const programs: readonly OptionName[] = ['codex_path', 'agent_command'];

/** A value as it is meant where it was written: a path is made whole by `resolve`. */
export function placePath(name: OptionName, value: unknown, resolve: (path: string) => string): unknown {
  if (typeof value !== 'string' || value === '') return value;
  if (paths.includes(name)) return resolve(value);
  return programs.includes(name) && /^(~|\.{1,2})\//.test(value) ? resolve(value) : value;
}
