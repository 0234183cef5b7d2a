import type { Sha } from '../domain/repo.ts';
import type { Visit } from '../session/visit.ts';
import { watchLanding } from './follow-ci.ts';
import type { RunWorld } from './run-world.ts';

/**
 * Gives the landing of a shorter memory the watch that any landing has; whoever runs next follows it to its verdict.
 * Answers under which session it is known; undefined: there is no forge to ask.
 */
export async function watchCompaction(
  world: RunWorld,
  visit: Visit,
  landed: { readonly sha: Sha; readonly parent: Sha },
): Promise<string | undefined> {
  const { run, cycle, session, repo, identity } = visit;
  if (identity.remoteUrl === undefined || world.forge?.slugOf(identity.remoteUrl) === undefined)
    return undefined;
  const ledger = world.ledger.within({ run, cycle, session, repo: repo.name });
  await watchLanding({ ...world, ledger }, visit, landed);
  return session;
}
