import type { IssueRefusal } from '../issue.ts';
import type { Sha } from '../repo.ts';
import { count, type FactKinds, flag, maybeText, of, text } from './field.ts';

const maybeId = (says: string) => of<number | undefined>('number, optional', says);

/** What becomes of issues. Never their words: those are their author's. */
export const issueFacts = {
  'issue-readers-known': {
    says: 'It became known whose issues are read, by number.',
    fields: {
      owner: maybeId('account of the owner; without it nobody’s but the bots’'),
      bots: of<readonly number[]>('[number]', 'accounts of configured bots'),
      apps: of<readonly number[]>('[number]', 'configured apps'),
    },
  },
  'forge-repository-known': {
    says: 'The number of a repository on the forge was learned; names may change hands, numbers do not.',
    fields: {
      slug: text('owner/name that it was asked for by'),
      id: maybeId('without it: there is none that the token sees'),
    },
  },
  'issue-accepted': {
    says: 'An open issue was judged, and may be worked on.',
    fields: {
      number: count('number of the issue'),
      author: count('number of the account that wrote it'),
      row: text('digest of what was judged: the judgement holds as long as it is the same'),
      snapshot: text('digest of the text, who wrote and changed it, and when'),
      content: text('digest of what it asks for'),
      hidden: flag('true: text that a reader does not see was left out'),
    },
  },
  'issue-refused': {
    says: 'An issue was judged, and is not worked on. Its text is not kept.',
    fields: {
      number: count('number of the issue'),
      reason: of<IssueRefusal>('reason', 'why'),
      id: maybeId('number of the account, app or repository that the reason is about'),
      row: maybeText('digest of what was judged; without it only for this visit'),
    },
  },
  'issue-gone': {
    says: 'An issue that was judged is not among the open ones any more.',
    fields: { number: count('number of the issue') },
  },
  'issue-offered': {
    says: 'An issue was read again just before the plan, was the same, and is shown to the agent as data.',
    fields: { number: count('number of the issue'), content: text('digest of what it asks for') },
  },
  'issue-answered': {
    says: 'Work that answers an issue landed.',
    fields: { number: count('number of the issue'), commit: of<Sha>('sha', 'the commit') },
  },
} as const satisfies FactKinds;
