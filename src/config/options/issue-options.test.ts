import { describe, expect, it } from 'vitest';
import { checkValue } from '../check-value.ts';
import { optionList } from '../option-groups.ts';
import type { OptionName } from '../options.ts';
import { tighten } from '../tighten.ts';
import { issueOptions } from './issue-options.ts';

describe('issue_bots', () => {
  it.each(['29139614', '29139614:renovate', '29139614:renovate[bot]', 'user:70', 'user:70:ci', 'app:2740'])(
    'takes %s',
    (entry) => {
      expect(checkValue(issueOptions.issue_bots, [entry])).toEqual({ ok: true, value: [entry] });
    },
  );

  it.each([
    'renovate[bot]',
    'app/renovate',
    '@renovate',
    '0',
    '-1',
    '1.5',
    '12 renovate',
    'bot:12',
    '',
    '1e5',
  ])('refuses %j, which is no number, and says how to find it', (entry) => {
    expect(checkValue(issueOptions.issue_bots, ['70', entry])).toMatchObject({
      ok: false,
      failure: { at: [1], message: expect.stringContaining('must begin with a number') as string },
    });
  });
});

describe('a repository', () => {
  const defaults = Object.fromEntries(optionList.map(([name, spec]) => [name, spec.default])) as Record<
    OptionName,
    unknown
  >;

  it.each<[asked: object, without: object, taken: object]>([
    [{ issues_enabled: false }, {}, { issues_enabled: false }],
    [{ issues_enabled: true }, { issues_enabled: false }, {}],
    [{ close_issues: true }, {}, {}],
    [{ close_issues: false }, { close_issues: true }, { close_issues: false }],
    [{ issue_bots: ['1'] }, {}, {}],
    [{ issue_owner_id: 1 }, {}, {}],
  ])('that asks for %j where %j holds gets %j', (asked, without, taken) => {
    expect(tighten(asked, { ...defaults, ...without }).taken).toEqual(taken);
  });
});
