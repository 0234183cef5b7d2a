import { describe, expect, it } from 'vitest';
import { hiddenTexts, loudTexts } from '../../../test/hostile/issue-texts.ts';
import type { Actor, IssueHistory, IssueRefusal, IssueRow } from '../../domain/issue.ts';
import { judgeAgain, judgeHistory, judgeRow } from './judge-issue.ts';
import { snapshotOf } from './snapshot.ts';
import { readTrust } from './trust.ts';
import { longestBody, longestTitle, trustedIssue } from './trusted-issue.ts';
import { readVisible } from './visible-text.ts';

const owner: Actor = { id: 5, type: 'User' };
const bot: Actor = { id: 29_139_614, type: 'Bot' };
const machine: Actor = { id: 70, type: 'User' };
const stranger: Actor = { id: 99, type: 'User' };
const strangeBot: Actor = { id: 41_898_282, type: 'Bot' };
const trust = readTrust(
  { issue_owner_id: 0, issue_bots: ['29139614:renovate', 'user:70', 'app:2740'] },
  { ...owner },
);
const ground = { trust, repositoryId: 100 };
const at = Date.UTC(2026, 0, 2);

function row(change: Partial<IssueRow> = {}): IssueRow {
  return {
    repositoryId: 100,
    slug: 'alice/demo',
    number: 12,
    url: 'https://github.com/alice/demo/issues/12',
    title: 'Add a greeting',
    body: 'The README promises it.',
    open: true,
    pullRequest: false,
    author: owner,
    app: null,
    updatedAt: at,
    ...change,
  };
}

function history(change: Partial<IssueHistory> = {}): IssueHistory {
  const { number, title, body, updatedAt } = row();
  return {
    ...{ number, title, body, updatedAt },
    repositoryId: 100,
    open: true,
    author: owner,
    viaEmail: false,
    editedAt: undefined,
    editor: undefined,
    editors: [],
    renamers: [],
    transferred: false,
    reopened: undefined,
    complete: true,
    ...change,
  };
}

type Case = readonly [
  when: string,
  told: { row?: Partial<IssueRow>; history?: Partial<IssueHistory> | 'none' },
  end: IssueRefusal | 'accepted',
];

const edited = (...editors: (Actor | undefined)[]): Partial<IssueHistory> => ({
  editedAt: at,
  editor: editors[0],
  editors,
});
const by = (author: Actor | undefined) => ({ row: { author }, history: { author } });

const cases: readonly Case[] = [
  ['the owner wrote it', {}, 'accepted'],
  ['the owner edited it', { history: edited(owner, owner) }, 'accepted'],
  ['the configured bot wrote it', by(bot), 'accepted'],
  ['the configured machine wrote it', by(machine), 'accepted'],
  [
    'the bot wrote it and the owner edited it',
    { ...by(bot), history: { author: bot, ...edited(owner, bot) } },
    'accepted',
  ],
  ['the owner wrote it through a trusted app', { row: { app: 2740 } }, 'accepted'],
  ['the owner renamed it', { history: { renamers: [owner, owner] } }, 'accepted'],
  ['the owner opened it again', { history: { reopened: { by: owner, at } } }, 'accepted'],
  ['its repository was renamed', { row: { slug: 'alice/new-name' } }, 'accepted'],
  [
    'the list does not say where it is, and its history does',
    { row: { repositoryId: undefined } },
    'accepted',
  ],

  ['a stranger wrote it', by(stranger), 'author-not-trusted'],
  ['a person has the login of our bot', by({ id: 123_456, type: 'User' }), 'author-not-trusted'],
  ['a person has the number of our bot', by({ id: bot.id, type: 'User' }), 'author-other-kind'],
  ['a bot has the number of the owner', by({ id: owner.id, type: 'Bot' }), 'author-other-kind'],
  [
    'an organisation has the number of the owner',
    by({ id: owner.id, type: 'Organization' }),
    'author-other-kind',
  ],
  ['any app with [bot] in its name wrote it', by(strangeBot), 'author-not-trusted'],
  ['its author is a ghost', by(undefined), 'author-unknown'],
  ['its author is a ghost only in its history', { history: { author: undefined } }, 'author-unknown'],
  ['its history names another author we trust', { history: { author: bot } }, 'changed-meanwhile'],
  ['its history names a stranger as its author', { history: { author: stranger } }, 'author-not-trusted'],
  ['a stranger edited it', { history: edited(stranger, owner) }, 'edited-by-other'],
  ['a stranger edited it, and back again', { history: edited(stranger, stranger, owner) }, 'edited-by-other'],
  [
    'the owner edited it after a stranger did',
    { history: edited(owner, stranger, owner) },
    'edited-by-other',
  ],
  ['a ghost edited it', { history: edited(undefined, owner) }, 'edited-by-other'],
  [
    'it was edited, and nobody says by whom',
    { history: { editedAt: at, editors: [owner] } },
    'edited-by-other',
  ],
  [
    'a stranger is among its editors though it was never edited',
    { history: { editors: [stranger] } },
    'edited-by-other',
  ],
  ['a bot of others edited it', { history: edited(strangeBot, owner) }, 'edited-by-other'],
  [
    'a person with the number of our bot edited it',
    { history: edited({ ...bot, type: 'User' }) },
    'edited-by-other',
  ],
  ['a triager renamed it', { history: { renamers: [stranger] } }, 'renamed-by-other'],
  [
    'a triager renamed it, and the owner back',
    { history: { renamers: [stranger, owner] } },
    'renamed-by-other',
  ],
  ['a ghost renamed it', { history: { renamers: [undefined] } }, 'renamed-by-other'],
  ['it was moved here', { history: { transferred: true } }, 'transferred'],
  [
    'it was moved here from a foreign repository, with a trusted author',
    { ...by(owner), history: { transferred: true } },
    'transferred',
  ],
  ['it came by e-mail', { history: { viaEmail: true } }, 'via-email'],
  ['an app typed it in the name of the owner', { row: { app: 77 } }, 'via-app'],
  ['an app has the number of a trusted bot', { row: { app: bot.id } }, 'via-app'],
  ['nobody says whether an app typed it', { row: { app: undefined } }, 'not-checked'],
  ['it is a pull request', { row: { pullRequest: true } }, 'pull-request'],
  ['it is closed', { row: { open: false } }, 'not-open'],
  ['it was closed meanwhile', { history: { open: false } }, 'not-open'],
  ['somebody else opened it again', { history: { reopened: { by: stranger, at } } }, 'reopened-by-other'],
  ['a ghost opened it again', { history: { reopened: { by: undefined, at } } }, 'reopened-by-other'],
  ['it is in a repository that took over the name', { row: { repositoryId: 101 } }, 'other-repository'],
  ['its history is of another repository', { history: { repositoryId: 101 } }, 'other-repository'],
  ['its history is longer than we read', { history: { complete: false } }, 'history-too-long'],
  ['its history could not be read', { history: 'none' }, 'not-checked'],
  ['its text is another in its history', { history: { body: 'other' } }, 'changed-meanwhile'],
  ['its title is another in its history', { history: { title: 'other' } }, 'changed-meanwhile'],
  ['it changed between two questions', { history: { updatedAt: at + 1000 } }, 'changed-meanwhile'],
  ['its title has nothing to see', { row: { title: '\u200b\u3164 ' } }, 'nothing-to-read'],
  ['its title is a comment', { row: { title: '<!-- do it -->' } }, 'nothing-to-read'],
];

describe('an issue', () => {
  it.each(cases)('when %s', (_when, told, end) => {
    const seen = row(told.row);
    const past = told.history === 'none' ? undefined : history({ author: seen.author, ...told.history });
    const same = { ...past, ...(told.row?.title === undefined ? {} : { title: seen.title }) };
    const refused = judgeRow(seen, ground) ?? judgeHistory(seen, past && { ...past, ...same }, ground);
    expect(refused?.reason ?? 'accepted').toBe(end);
  });

  it('is told with the number of whoever is not trusted, and with none of a ghost', () => {
    expect(judgeRow(row({ author: stranger }), ground)).toEqual({ reason: 'author-not-trusted', id: 99 });
    expect(judgeHistory(row(), history(edited(stranger, owner)), ground)).toEqual({
      reason: 'edited-by-other',
      id: 99,
    });
    expect(judgeHistory(row(), history(edited(undefined, owner)), ground)).toEqual({
      reason: 'edited-by-other',
      id: undefined,
    });
    expect(judgeRow(row({ app: 77 }), ground)).toEqual({ reason: 'via-app', id: 77 });
  });

  it('is of nobody when the token is a bot’s and no owner is named', () => {
    const nobody = readTrust({ issue_owner_id: 0, issue_bots: [] }, { id: 5, type: 'Bot' });
    expect(nobody.owner).toBeUndefined();
    expect(
      judgeRow(row({ author: { id: 5, type: 'Bot' } }), { trust: nobody, repositoryId: 100 })?.reason,
    ).toBe('author-not-trusted');
  });

  it('is of the named owner, and not of the account of the token, when one is named', () => {
    const named = readTrust({ issue_owner_id: 8, issue_bots: [] }, owner);
    const judge = (author: Actor) => judgeRow(row({ author }), { trust: named, repositoryId: 100 })?.reason;
    expect(judge({ id: 8, type: 'User' })).toBeUndefined();
    expect(judge(owner)).toBe('author-not-trusted');
  });
});

describe('an accepted issue, read again before the session', () => {
  const snapshot = snapshotOf(history());
  it.each<[when: string, change: Partial<IssueHistory> | 'none', end: IssueRefusal | 'accepted']>([
    ['nothing happened', {}, 'accepted'],
    ['the owner changed the text', { body: 'More.', ...edited(owner, owner) }, 'changed-meanwhile'],
    ['the owner changed the title', { title: 'More', renamers: [owner] }, 'changed-meanwhile'],
    ['somebody commented', { updatedAt: at + 1000 }, 'changed-meanwhile'],
    ['a stranger edited it, and back again', edited(stranger, stranger, owner), 'edited-by-other'],
    ['the owner edited it, and back again', edited(owner, owner, owner), 'changed-meanwhile'],
    ['it was closed', { open: false }, 'not-open'],
    [
      'it was closed and opened again by the owner',
      { reopened: { by: owner, at: at + 5 } },
      'changed-meanwhile',
    ],
    ['it was moved', { repositoryId: 7 }, 'other-repository'],
    ['it is gone, or the forge does not answer', 'none', 'not-checked'],
  ])('when %s', (_when, change, end) => {
    const now = change === 'none' ? undefined : history(change);
    expect(judgeAgain(snapshot, now, ground)?.reason ?? 'accepted').toBe(end);
  });

  it('is refused when it is not known which repository it should be in', () => {
    expect(judgeAgain(snapshot, history(), undefined)).toEqual({ reason: 'not-checked' });
  });
});

describe('what a prompt may have of an issue', () => {
  it.each(hiddenTexts)('leaves out $name', ({ body }) => {
    const issue = trustedIssue(row({ body }), 's');
    expect(issue.body).not.toContain('CANARY');
    expect(issue.body).toContain('was left out.]');
    expect(readVisible(body).hidden).toBe(true);
  });

  it.each(loudTexts)('is sanitised, one line and short for $name', ({ title, body }) => {
    const issue = trustedIssue(row({ title, body }), 's');
    expect(issue.title).not.toMatch(/[\n\r]/);
    expect(issue.title.length).toBeLessThanOrEqual(longestTitle);
    expect(issue.body.length).toBeLessThanOrEqual(longestBody);
    const noGlyph = /(?![\n\t])[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}]|[\u3164\u115f\uffa0\u2800\ufe0f]/u;
    expect(`${issue.title}${issue.body}`).not.toMatch(noGlyph);
    expect(`${issue.title}${issue.body}`.isWellFormed()).toBe(true);
  });

  it.each([
    ['plain words', 'Mend it.\n\n- [ ] one\n- [x] two\n\n> said\n\n**bold** `code` *x*'],
    ['code with types', 'Use `Map<string, number>`:\n\n```ts\nconst a: Array<string> = b < c ? d : e;\n```'],
    ['comparisons', 'It is red when a < b and b > c, or 1<2.'],
    ['an address', 'See https://example.test/a?b=c#d'],
    ['tables', '| a | b |\n|---|---|\n| 1 | 2 |'],
    ['other scripts', 'Bitte größer. 日本語。Привет'],
  ])('keeps %s as they are', (_what, body) => {
    expect(trustedIssue(row({ body }), 's')).toMatchObject({ body });
  });

  it('shows the words of a link, and the address that stands for itself', () => {
    const body = 'See [the page](https://x.test) and <https://y.test/z>.';
    expect(trustedIssue(row({ body }), 's').body.split('\n')[0]).toBe('See the page and https://y.test/z.');
  });

  it.each([
    '<',
    '<a "\n',
    "<a '>",
    '[',
    '![',
    '](',
    '`',
    '<!--',
    '<details>',
    '[x]: "',
    '[x]:\n',
    '```\n',
    '~~~~',
    '\n[',
  ])(
    'reads a text of nothing but %j in no time',
    (piece) => {
      const issue = trustedIssue(row({ body: piece.repeat(60_000 / piece.length) }), 's');
      expect(issue.body.length).toBeLessThanOrEqual(longestBody);
    },
    5_000,
  );
});
