import { type ConfiguredCheck, integer, type OptionSpec, string, strings } from './option-spec.ts';

const day = 86_400;

/** Checks and workspaces. */
export const checkOptions = {
  verify: {
    type: { kind: 'checks' },
    default: [] as readonly ConfiguredCheck[],
    scope: 'repo',
    help: 'The checks that must exit 0 before anything lands (name, run, timeout, required); empty = inferred.',
    tighter: 'never',
  },
  verify_timeout_seconds: integer('Time limit of a check that names none.', 900, [1, day], 'repo', {
    tighter: 'lower',
  }),
  verify_fix_attempts: integer('Repair turns on red checks, per task.', 2, [0, 10], 'repo', {
    tighter: 'lower',
  }),
  setup: strings('Commands that prepare a fresh workspace, run in order by a shell.', [], 'repo'),
  setup_timeout_seconds: integer('Time limit of each setup command.', 900, [1, day], 'repo', {
    tighter: 'lower',
  }),
  copy: strings(
    'Files copied from your checkout into each workspace, for example .env. Never committed.',
    [],
    'repo',
    { tighter: 'never' },
  ),
  commit_name: string('Name on our commits.', 'clone', 'repo'),
  commit_email: string('Address on our commits.', 'clone@localhost', 'repo'),
} as const satisfies Record<string, OptionSpec>;
