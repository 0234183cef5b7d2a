import { choice, flag, integer, type OptionSpec } from './option-spec.ts';

/** What repositories remember. */
export const memoryOptions = {
  memory_enabled: flag(
    'Each landing writes what is to be remembered into AGENTS.md, PROJECT_MEMORY.md, INCIDENTS.md and CLONE_FEATURES.md.',
    true,
    'repo',
    { tighter: 'false' },
  ),
  project_memory_max_lines: integer(
    'PROJECT_MEMORY.md is compacted above this length, and once a week; the whole of it is archived.',
    500,
    [50, 100_000],
    'repo',
    { env: ['PROJECT_MEMORY_MAX_LINES'] },
  ),
  memory_summaries: choice(
    'Who puts old entries into a line each: agent = one short turn of a session that lands while PROJECT_MEMORY.md is over its length, mechanical = nobody, each goes by its own words. Without a session it is always mechanical.',
    ['mechanical', 'agent'],
    'agent',
    'repo',
    { tighter: 'earlier-choice' },
  ),
} as const satisfies Record<string, OptionSpec>;
