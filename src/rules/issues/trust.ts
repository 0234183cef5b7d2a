import type { Actor } from '../../domain/issue.ts';
import { digestOf } from '../fingerprint.ts';

/** Whose issues are read: accounts by their number and kind, and apps by theirs. */
export interface Trust {
  /** Number of the account → what kind of account it has to be. */
  readonly accounts: ReadonlyMap<number, 'User' | 'Bot'>;
  readonly apps: ReadonlySet<number>;
  /** The owner among the accounts; undefined: the token belongs to no person, and `issue_owner_id` names none. */
  readonly owner: number | undefined;
  /** The same for the same people: a judgement holds as long as it does. */
  readonly digest: string;
}

/** What an issue is judged by: who is trusted, and the number of the repository that we know. */
export interface Ground {
  readonly trust: Trust;
  readonly repositoryId: number;
}

/** Who is trusted: the owner (the token's own account unless the options name another) and the configured bots. */
export function readTrust(
  options: { readonly issue_bots: readonly string[]; readonly issue_owner_id: number },
  viewer: Actor | undefined,
): Trust {
  const accounts = new Map<number, 'User' | 'Bot'>();
  const apps = new Set<number>();
  for (const entry of options.issue_bots) {
    const [, kind, number = ''] = /^(?:(user|app):)?([1-9]\d{0,15})(?::\S*)?$/.exec(entry) ?? [];
    const id = Number(number);
    if (!Number.isSafeInteger(id) || id <= 0) continue;
    if (kind === 'app') apps.add(id);
    else accounts.set(id, kind === 'user' ? 'User' : 'Bot');
  }
  const owner = options.issue_owner_id || (viewer?.type === 'User' ? viewer.id : undefined);
  if (owner !== undefined) accounts.set(owner, 'User');
  const told = [...accounts].map(([id, type]) => `${id}:${type}`).toSorted();
  const digest = digestOf([...told, 'apps', ...[...apps].map(String).toSorted()]);
  return { accounts, apps, owner, digest };
}

/** Compared by number, and by kind: a person's account is never a bot's, whatever it is called. */
export function isTrusted(trust: Trust, actor: Actor | undefined): boolean {
  return actor !== undefined && trust.accounts.get(actor.id) === actor.type;
}
