import type { Sha } from '../domain/repo.ts';
import { commitMessage } from '../rules/commit-message.ts';
import type { OpenSession } from './visit.ts';

/** Keeps a commit that will not land under a ref of the mirror, and says so. */
export async function salvage(
  session: Pick<OpenSession, 'visit' | 'mirror' | 'ledger'>,
  name: string,
  sha: Sha,
  why: string,
): Promise<void> {
  const ref = `refs/clone/salvage/${session.visit.session}/${name}`;
  await session.mirror.keep(ref, sha);
  await session.ledger.record({ type: 'salvaged', ref, sha, why });
}

/** Keeps whatever the files show beyond `tip`. Answers the commit, or undefined when there is nothing to keep. */
export async function salvageFiles(
  session: OpenSession,
  name: string,
  tip: Sha,
  why: string,
): Promise<Sha | undefined> {
  const snapshot = await session.workspace.snapshot(tip);
  if (!snapshot.ok || !snapshot.value.changed) return undefined;
  const { run, session: id } = session.visit;
  const message = commitMessage(`Unfinished: ${name}`, 'Unfinished work', { run, session: id });
  const commit = await session.workspace.commit(snapshot.value.tree, tip, message);
  if (!commit.ok) return undefined;
  await salvage(session, name, commit.value, why);
  return commit.value;
}

/** Keeps commits that the agent made on refs of its own and that its files do not show; each is told once. */
export async function salvageStrays(
  session: Pick<OpenSession, 'visit' | 'workspace' | 'ledger'>,
): Promise<void> {
  const strays = await session.workspace.strayCommits();
  if (strays.length === 0) return;
  // The view forgets the oldest; the events do not.
  const told = await session.ledger.events({ session: session.visit.session, types: ['salvaged'] });
  const known = new Set(told.map((event) => (event.type === 'salvaged' ? event.sha : '')));
  for (const stray of strays) {
    if (known.has(stray.sha)) continue;
    await session.ledger.record({
      type: 'salvaged',
      ref: stray.ref,
      sha: stray.sha,
      why: 'the agent committed it on a ref of its own',
    });
  }
}
