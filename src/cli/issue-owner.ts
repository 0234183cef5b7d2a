import type { Setting } from './context.ts';
import type { TokenForge } from './front-context.ts';

/** Whose issues count as the owner's, and how that is known; keys as `--json` prints them. */
export interface IssueOwner {
  readonly id: number | null;
  readonly login: string | null;
  /** In words: how it is known, or why it is not. */
  readonly how: string;
}

/** The account whose issues count: the one that the options name, else that of the token, who is asked for it. */
export async function issueOwner(
  settings: Readonly<Record<string, Setting>>,
  open: () => Promise<TokenForge | undefined>,
): Promise<IssueOwner> {
  if (settings['issues_enabled']?.value === false)
    return unknown('issues_enabled is false, so no issue is read');
  const named = settings['issue_owner_id'];
  const id = typeof named?.value === 'number' && named.value > 0 ? named.value : undefined;
  const byOption = `issue_owner_id, from ${named?.from ?? ''}`;
  const held = await open();
  if (!held) {
    if (id === undefined) return unknown('not known without a token');
    return { id, login: null, how: `${byOption}; its login is not known without a token` };
  }
  const asked = await held.forge.issues.viewer();
  if (!asked.ok) {
    const why = `GitHub could not be asked: ${asked.failure.message}`;
    return id === undefined ? unknown(`not known: ${why}`) : { id, login: null, how: `${byOption}; ${why}` };
  }
  const { login, id: viewer, type } = asked.value;
  const account = `the account of the token (${held.from})`;
  if (id === viewer) return { id, login, how: `${byOption}; it is ${account}` };
  if (id !== undefined)
    return { id, login: null, how: `${byOption}; the token is that of ${login} (${viewer})` };
  if (type === 'User') return { id: viewer, login, how: account };
  return unknown(
    `none: the token (${held.from}) is that of the bot ${login} (${viewer}); set issue_owner_id`,
  );
}

/** `issue owner  alice (12)  the account of the token`. */
export function ownerLine({ id, login, how }: IssueOwner): string {
  if (id === null) return `Issue owner: ${how}`;
  return `Issue owner: ${login === null ? `account ${id}` : `${login} (${id})`}; ${how}`;
}

function unknown(how: string): IssueOwner {
  return { id: null, login: null, how };
}
