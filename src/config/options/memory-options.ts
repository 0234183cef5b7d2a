import { flag, integer, type OptionSpec } from './option-spec.ts';

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
} as const satisfies Record<string, OptionSpec>;
