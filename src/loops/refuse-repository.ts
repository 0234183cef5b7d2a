import type { Options } from '../config/options.ts';
import type { Repo } from '../domain/repo.ts';
import type { SessionEnd } from '../domain/session-state.ts';
import type { RepoView } from '../ledger/views.ts';
import { sessionId } from './open-visit.ts';
import type { RunWorld } from './run-world.ts';

/**
 * A repository that cannot be used is a session too, so that it is seen and explained like any other: one, until
 * something else is the matter. Undefined: it has been told before.
 */
export async function refuseRepository(
  world: Pick<RunWorld, 'ledger' | 'randomId'>,
  { repo, options, view }: { repo: Repo; options: Options; view: RepoView | undefined },
  message: string,
): Promise<SessionEnd | undefined> {
  if (view?.refused && sameWords(view.lastWhy ?? '', message)) return undefined;
  const ledger = world.ledger.within({ repo: repo.name, session: sessionId(world, repo) });
  const end: SessionEnd = { state: 'blocked', blockedBy: 'environment', why: message };
  await ledger.record(
    {
      type: 'session-queued',
      agent: options.agent,
      land: options.land,
      why: 'its turn in the cycle',
      path: repo.path,
      logs: '',
    },
    { type: 'session-moved', to: 'blocked', why: message, blockedBy: 'environment', facts: {} },
  );
  return end;
}

/** Views hold long texts cut. */
function sameWords(kept: string, message: string): boolean {
  const most = 400;
  return kept.slice(0, most) === message.slice(0, most);
}
