import { integer, number, type OptionSpec, string } from './option-spec.ts';

const day = 86_400;

/** What belongs to a run as a whole. */
export const runOptions = {
  parallel_repos: integer('Sessions at once.', 3, [1, 64], 'home', {
    env: ['PARALLEL_REPOS'],
    flag: '--parallel <n>',
  }),
  max_cycles: integer('Sweeps over the portfolio in one run; 0 = until stopped.', 1, [0, 1_000_000], 'home', {
    env: ['MAX_CYCLES'],
    flag: '--cycles <n>',
  }),
  max_hours: number('A run starts nothing new after this many hours; 0 = no cap.', 0, [0, 8760], 'home', {
    env: ['MAX_HOURS'],
    flag: '--hours <h>',
  }),
  sleep_seconds: integer('Pause between two cycles.', 120, [0, day], 'home', { env: ['SLEEP_SECONDS'] }),
  code_root: string('Folder of your repositories; new ideas get their folder here.', '', 'home', {
    env: ['CODE_ROOT'],
  }),
  activity_window_days: integer(
    'Discovery lists repositories active within this many days.',
    60,
    [1, 36_500],
    'home',
  ),
} as const satisfies Record<string, OptionSpec>;
