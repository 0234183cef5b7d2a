import type { CiRun } from '../domain/ci.ts';
import type { Ledger } from '../ledger/ledger.ts';

/** What a delivery tells that is in the facts of its session, and not in its view. */
export interface DeliveryFacts {
  /** The files that each commit touched, as far as they were told. */
  readonly paths: ReadonlyMap<string, readonly string[]>;
  /** The CI runs that were seen to end, of every commit of the session that was watched. */
  readonly ended: readonly CiRun[];
}

/** Read only when somebody looks: a view with all of this would be written again with every fact of the session. */
export async function deliveryFacts(ledger: Pick<Ledger, 'events'>, session: string): Promise<DeliveryFacts> {
  const types = ['task-committed', 'landed', 'watch-saw'];
  const paths = new Map<string, readonly string[]>();
  const ended = new Map<number, CiRun>();
  for (const event of await ledger.events({ session, types })) {
    const commits =
      event.type === 'task-committed' ? [event.commit] : event.type === 'landed' ? event.commits : [];
    for (const commit of commits) if (commit.paths !== undefined) paths.set(commit.sha, commit.paths);
    if (event.type !== 'watch-saw') continue;
    // A run of another commit proves nothing about this one; one that was started again has not ended yet.
    for (const run of event.runs)
      if (run.sha === event.sha && run.status === 'completed' && run.conclusion !== null)
        ended.set(run.id, run);
      else ended.delete(run.id);
  }
  return { paths, ended: [...ended.values()] };
}
