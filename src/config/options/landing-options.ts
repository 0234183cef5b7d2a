import { choice, flag, integer, type OptionSpec, string } from './option-spec.ts';

/** How a session lands. */
export const landingOptions = {
  land: choice(
    'How a session lands: push = straight to the branch, hold = a person accepts (clone review), pr = as hold, with a branch left on the remote for your pull request.',
    ['hold', 'pr', 'push'],
    'push',
    'repo',
    { flag: '--land <mode>', tighter: 'earlier-choice' },
  ),
  land_attempts: integer('Tries to land when others push at the same time.', 5, [1, 50], 'repo', {
    tighter: 'lower',
  }),
  review: choice(
    'Who reviews a change before it lands: none; self = the agent of the session, in a fresh thread; second = another agent (`review_agent`). P0 and P1 findings go back once, then a person decides (clone review).',
    ['second', 'self', 'none'],
    'none',
    'repo',
    { tighter: 'earlier-choice' },
  ),
  review_agent: string(
    'Agent that reviews with `review: second`: codex, or command; empty = the one that is not `agent`.',
    '',
    'repo',
    { tighter: 'never' },
  ),
  update_checkout: flag(
    'Fast-forward your own checkout after a landing, if it is clean and on the branch.',
    true,
    'repo',
    { tighter: 'false' },
  ),
  cleanup_enabled: flag('A cleanup turn after enough landed commits.', false, 'repo', { tighter: 'false' }),
  cleanup_trigger_commits: integer('Landed commits that call for a cleanup turn.', 4, [1, 1000], 'repo'),
} as const satisfies Record<string, OptionSpec>;
