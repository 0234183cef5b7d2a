import { watchLanding } from '../follow-ci.ts';
import { visitAgain } from '../land-accepted.ts';
import type { RunWorld } from '../run-world.ts';
import { entryOf, type IdeaAtWork } from './at-work.ts';
import type { FilesMade } from './make-files.ts';

/** Gives the first push its CI watch, as any landing has one. Answers the session; undefined: it cannot be watched. */
export async function watchFirstPush(
  world: RunWorld,
  work: IdeaAtWork,
  made: FilesMade,
): Promise<string | undefined> {
  const { idea, order, path } = work;
  const repo = entryOf(idea, path);
  const session = await world.ledger.session(made.session);
  const identified = await world.mirrors.identify(repo);
  // What CI is to run is read from the mirror, so it has to be there.
  const synced = identified.ok ? await world.mirrors.sync(identified.value) : identified;
  if (!session || !identified.ok || !synced.ok) {
    const why = synced.ok ? 'its session is not known' : world.redact(synced.failure.message);
    await world.ledger.record({ type: 'warned', message: `${idea.repoName}: its CI is not watched: ${why}` });
    return undefined;
  }
  const visit = await visitAgain(world, order, session, repo, identified.value);
  const context = { run: session.run, cycle: session.cycle, repo: repo.name, session: session.id };
  const ledger = world.ledger.within(context);
  await watchLanding({ ...world, ledger }, visit, { sha: made.sha, parent: made.base });
  return session.id;
}
