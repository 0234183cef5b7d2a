import { flag, integer, type OptionSpec, strings } from './option-spec.ts';

/** Issues as a source of work. */
export const issueOptions = {
  issues_enabled: flag(
    'Open issues of yours and of the bots in `issue_bots` are a source of work. Needs a token.',
    true,
    'repo',
    { tighter: 'false' },
  ),
  issue_bots: strings(
    'Bots whose issues count, by number: "ID" or "ID:LOGIN" (only the number counts), "user:ID" for a user account of a machine, "app:ID" for an app that types in a trusted name.',
    [],
    'home',
    {
      items: {
        pattern: /^(?:(?:user|app):)?[1-9]\d{0,15}(?::\S{1,100})?$/,
        says: 'must begin with a number, as in "29139614:renovate"; `gh api "users/renovate[bot]" --jq .id` tells it',
      },
    },
  ),
  issue_owner_id: integer(
    'Number of the account whose issues count as yours; 0 = the account of the token. Set it when the token belongs to a bot.',
    0,
    [0, Number.MAX_SAFE_INTEGER],
    'home',
  ),
  close_issues: flag(
    'The commit that answers an issue says “Closes #12”, so that GitHub closes it.',
    false,
    'repo',
    { tighter: 'false' },
  ),
} as const satisfies Record<string, OptionSpec>;
