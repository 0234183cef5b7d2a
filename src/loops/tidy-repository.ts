import type { Repo } from '../domain/repo.ts';
import type { RepoView } from '../ledger/views.ts';
import { fingerprintAt } from '../session/current-fingerprint.ts';
import { wordsOf } from '../session/failure-words.ts';
import type { Stop } from '../session/visit.ts';
import type { compactRepository } from './compact-memory.ts';
import type { RunOrder, RunWorld } from './run-world.ts';
import type { Gathered } from './signals.ts';
import type { Left } from './survey.ts';

/** Shortens the memory of one repository, and lands that. */
export type Compact = typeof compactRepository;

/**
 * Has the memory of a repository shortened that has no other signal: no agent is needed. What is still too long
 * afterwards cannot be shortened, and is no signal again before it changes. `watched`: the session under which the CI
 * of what landed is watched.
 */
export async function tidyRepository(
  world: RunWorld,
  order: RunOrder,
  { repo, view, found, compact }: { repo: Repo; view: RepoView; found: Gathered; compact: Compact },
  stop: Stop,
): Promise<{ left: Left; watched?: string | undefined }> {
  const compacted = await compact(world, order, repo, stop);
  const watched = compacted.ok ? compacted.value.watched : undefined;
  const leave = (why: string) => ({ left: { repo: repo.name, why }, watched });
  const failure = compacted.ok ? undefined : wordsOf(compacted.failure);
  if (!compacted.ok && soonOver.has(compacted.failure.kind)) return leave(`memory too long: ${failure}`);
  const { commits = '', memory = '' } = found.seen;
  const seen = { ...view.seen, memory };
  await world.ledger.record({
    type: 'repo-seen',
    repo: repo.name,
    path: repo.path,
    branch: view.branch,
    ...fingerprintAt({ seen, pushedAt: view.remote?.pushedAt }, view.seen?.commits ?? commits),
  });
  if (failure !== undefined) return leave(`its memory stays too long: ${failure}`);
  return leave('its memory was too long; that was seen to without an agent');
}

/** What says nothing about the memory: the next cycle tries again. */
const soonOver: ReadonlySet<string> = new Set(['repo-busy', 'interrupted', 'lease-lost', 'tip-kept-moving']);
