import { workOf } from '../domain/change.ts';
import type { Remembering } from '../domain/remembering.ts';
import type { Sha } from '../domain/repo.ts';

/** What lands, oldest first. */
export interface LandingWork {
  readonly session: string | undefined;
  readonly commits: readonly {
    readonly sha: Sha;
    readonly task?: string | undefined;
    readonly memory?: boolean | undefined;
  }[];
}

/** The commit of a landing that something remembered is about, now that it is known. Other sessions' stays as it is. */
export function settled(item: Remembering, landing: LandingWork): Remembering {
  if (item.session === undefined || item.session !== landing.session) return item;
  if (item.commit !== undefined) return { ...item, waits: false };
  return { ...item, waits: false, commit: commitFor(item, landing) };
}

/** What a landing writes down: all that waits for no other session, with its commit. */
export function goesWith(pending: readonly Remembering[], landing: LandingWork): readonly Remembering[] {
  return pending
    .filter((item) => !item.waits || item.session === landing.session)
    .map((item) => settled(item, landing));
}

function commitFor({ task, what }: Remembering, { commits }: LandingWork): Sha | undefined {
  const work = workOf(commits);
  const last = work.at(-1)?.sha;
  if (task === undefined) return last;
  const own = work.findLast((commit) => commit.task === task);
  if (own) return own.sha;
  // A refused gate or a conflict makes one commit of all tasks; an incident is about its own task or about none.
  return what.kind !== 'incident' && work.every((commit) => commit.task === undefined) ? last : undefined;
}
