import path from 'node:path';
import type { Fact } from '../../domain/fact.ts';
import { ok } from '../../domain/result.ts';
import { mayFollow } from '../../domain/session-state.ts';
import { bootstrapTask } from '../../session/bootstrap.ts';
import type { RunWorld } from '../run-world.ts';
import { begin, blocked, end, factOf, type IdeaAtWork, type Stepped, stepOf } from './at-work.ts';
import type { FilesMade } from './make-files.ts';

/** Makes the user's repository of the first commit, and lets its session land with it. Answers that session. */
export async function plantIdea(
  world: RunWorld,
  work: IdeaAtWork,
  made: FilesMade,
): Promise<Stepped<{ readonly session: string }>> {
  const { path: at, idea } = work;
  const key = `repository:${made.sha}`;
  const before = await stepOf(world, work, 'repository');
  if (before?.done && before.key === key) return ok({ session: factOf(before, 'session') ?? made.session });
  // The same folder as an earlier try, so that nothing of it stays behind.
  const drawn = path.join(path.dirname(at), `.${idea.repoName}.clone-${world.randomId(6)}`);
  const staging = factOf(before, 'staging') ?? drawn;
  await begin(world, work, 'repository', { key, facts: { path: at, sha: made.sha, staging } });
  const planted = await world.incubator.plant({ seed: made.seed, sha: made.sha, path: at, staging });
  if (!planted.ok)
    return blocked(
      'repository',
      world.redact(planted.failure.message),
      `look at ${at}; what was made is kept`,
    );
  const session = await tellLanded(world, work, made);
  await end(world, work, 'repository', { key, facts: { path: at, sha: made.sha, session } });
  return ok({ session });
}

/**
 * The session's way from verified to landed, told at once. When a run that came between has ended it as nobody's,
 * a session of its own tells of the landing.
 */
async function tellLanded(world: RunWorld, work: IdeaAtWork, made: FilesMade): Promise<string> {
  const { idea, order, cycle } = work;
  const view = await world.ledger.session(made.session);
  if (view?.state === 'cleaned') return view.id;
  const goesOn = view !== undefined && mayFollow(view.state, 'accepted');
  const session = goesOn ? view.id : `${made.session}-again-${world.randomId(4)}`;
  const moved = (to: 'setup' | 'active' | 'completed_unreviewed' | 'accepted' | 'merged'): Fact => ({
    type: 'session-moved',
    to,
    facts: { tip: made.sha },
  });
  const beginning: readonly Fact[] = goesOn
    ? []
    : [
        {
          type: 'session-queued',
          agent: order.options.agent,
          land: 'push',
          why: `the idea "${idea.title}", taken up again`,
          path: work.path,
          logs: view?.logs ?? '',
        },
        moved('setup'),
        moved('active'),
        moved('completed_unreviewed'),
      ];
  const commit = { sha: made.sha, subject: made.subject, task: bootstrapTask, files: made.files };
  const ledger = world.ledger.within({ repo: idea.repoName, session, run: order.run, cycle });
  await ledger.record(
    ...beginning,
    moved('accepted'),
    moved('merged'),
    { type: 'landed', sha: made.sha, branch: 'main', mode: 'local', commits: [commit] },
    { type: 'session-moved', to: 'pushed', facts: { sha: made.sha, parent: made.base, mode: 'local' } },
    { type: 'session-moved', to: 'cleaned', facts: {} },
  );
  return session;
}
