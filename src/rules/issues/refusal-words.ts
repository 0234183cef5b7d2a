import type { IssueRefusal, Refused } from '../../domain/issue.ts';

/** Why an issue is not worked on, in words of ours. */
export function refusalWords({ reason, id }: Refused): string {
  const who = id === undefined ? '' : ` (id ${id})`;
  return `${words[reason]}${who}`;
}

/** What a person can do about it; '' when nothing is to be done. */
export function refusalHint({ reason, id }: Refused): string {
  switch (reason) {
    case 'author-not-trusted':
      return `if it is a bot of yours: issue_bots: ["${id ?? 'ID'}"] in clone.yaml`;
    case 'author-other-kind':
      return `if it is a user account of yours: issue_bots: ["user:${id ?? 'ID'}"] in clone.yaml`;
    case 'via-app':
      return `if you trust that app: issue_bots: ["app:${id ?? 'ID'}"] in clone.yaml`;
    case 'other-repository':
      return 'check where the remote leads; a repository made anew under the old name needs a new name in repos.yaml';
    case 'edited-by-other':
    case 'renamed-by-other':
    case 'reopened-by-other':
    case 'transferred':
    case 'via-email':
    case 'history-too-long':
      return 'open a new issue with the text you want';
    case 'not-checked':
    case 'changed-meanwhile':
      return 'nothing: it is looked at again in the next cycle';
    case 'pull-request':
    case 'not-open':
    case 'author-unknown':
    case 'nothing-to-read':
      return '';
  }
}

/** Refusals that say more about the moment than about the issue: judged again each time. */
export function isPassing(reason: IssueRefusal): boolean {
  return reason === 'not-checked' || reason === 'changed-meanwhile';
}

const words: Readonly<Record<IssueRefusal, string>> = {
  'pull-request': 'it is a pull request',
  'not-open': 'it is not open any more',
  'other-repository': 'it is in another repository than the one we know',
  'author-unknown': 'its author is not known any more',
  'author-not-trusted': 'its author is not trusted',
  'author-other-kind': 'its author is not the kind of account that was configured',
  'via-app': 'an app typed it',
  'via-email': 'it came by e-mail, which proves no author',
  transferred: 'it was moved here from another repository',
  'edited-by-other': 'somebody else edited it',
  'renamed-by-other': 'somebody else changed its title',
  'reopened-by-other': 'somebody else opened it again',
  'history-too-long': 'it was changed more often than we can look at',
  'nothing-to-read': 'its title has nothing that a reader sees',
  'changed-meanwhile': 'it changed while we looked',
  'not-checked': 'the forge did not tell who changed it',
};

/** Whose issues are read, by number. */
export function readersWords(readers: {
  readonly owner?: number | undefined;
  readonly bots: readonly number[];
  readonly apps: readonly number[];
}): string {
  const owner =
    readers.owner === undefined ? 'nobody as owner (set issue_owner_id)' : `the owner (id ${readers.owner})`;
  const bots = readers.bots.length === 0 ? [] : [`bots ${readers.bots.join(', ')}`];
  const apps = readers.apps.length === 0 ? [] : [`apps ${readers.apps.join(', ')}`];
  return [owner, ...bots, ...apps].join(', ');
}

/** Whether landed work has answered an issue as it is now. */
export function isDone(issue: {
  readonly content: string;
  readonly done: { readonly content: string } | undefined;
}): boolean {
  return issue.done !== undefined && issue.done.content === issue.content;
}
