import { integer, type OptionSpec } from './option-spec.ts';

/** What repositories remember. */
export const memoryOptions = {
  project_memory_max_lines: integer(
    'PROJECT_MEMORY.md is compacted above this length. Not used yet.',
    500,
    [50, 100_000],
    'repo',
    { env: ['PROJECT_MEMORY_MAX_LINES'] },
  ),
} as const satisfies Record<string, OptionSpec>;
