import { choice, flag, integer, number, type OptionSpec, string } from './option-spec.ts';

const day = 86_400;

/** GitHub and the watching of CI. */
export const githubOptions = {
  github_api_url: string('Base URL of the GitHub API.', 'https://api.github.com', 'home'),
  github_token_file: string(
    'File with the GitHub token; empty = GITHUB_TOKEN, GH_TOKEN or `gh auth token`.',
    '',
    'home',
  ),
  ci_autofix_enabled: flag('Fix passes on red CI.', true, 'repo', {
    env: ['CI_AUTOFIX_ENABLED'],
    tighter: 'false',
  }),
  ci_wait_timeout_seconds: integer('How long a pushed commit waits for its verdict.', 900, [1, day], 'repo', {
    env: ['CI_WAIT_TIMEOUT_SECONDS'],
  }),
  ci_poll_interval_seconds: number(
    'First interval between two looks at CI; it grows while nothing changes.',
    5,
    [0.05, 3600],
    'home',
    { env: ['CI_POLL_INTERVAL_SECONDS'] },
  ),
  ci_grace_seconds: number(
    'How long no run at all is taken as “not yet” rather than “none”.',
    90,
    [0, day],
    'repo',
  ),
  ci_max_fix_attempts: integer('Fix passes for one red landing.', 2, [0, 10], 'repo', {
    env: ['CI_MAX_FIX_ATTEMPTS'],
    tighter: 'lower',
  }),
  ci_rerun_failed_once: flag('Run failed jobs again once before a fix pass.', true, 'repo'),
  ci_on_exhausted: choice(
    'What happens to a red landing when its fix passes are used up, or one lands nothing: it stays, or our commits are taken back.',
    ['leave', 'revert'],
    'leave',
    'repo',
  ),
} as const satisfies Record<string, OptionSpec>;
