import type { CiVerdict } from '../domain/ci.ts';
import type { Sha } from '../domain/repo.ts';
import { seconds } from '../domain/time.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { fixCi, revertLanding } from '../session/fix-ci.ts';
import type { Landed } from '../session/land.ts';
import { proposeRedCi, proposeTakenBack } from '../session/remember-proposals.ts';
import { isDraining, type Stop, type Visit } from '../session/visit.ts';
import { expectedRuns } from './expected-runs.ts';
import type { RunWorld } from './run-world.ts';
import type { CiScheduler, WatchOutcome } from './watch-ci.ts';
import type { WorkerPool } from './worker-pool.ts';

/** One landing with everything pushed to mend it, as its CI is followed. */
export interface Followed {
  readonly visit: Visit;
  readonly slug: string;
  readonly thread: string | undefined;
  /** The landing and its fixes, oldest first: ours to take back, and nobody else's. */
  readonly landings: readonly { readonly sha: Sha; readonly parent: Sha; readonly commits: readonly Sha[] }[];
  readonly signatures: readonly string[];
  /** What takes them back, while its own CI is waited for. */
  readonly takenBackBy?: Followed['landings'][number] | undefined;
}

type FollowWorld = RunWorld & { readonly ledger: Ledger };

/**
 * Follows a landing until its one verdict: watch, read the failure, fix, watch the fix. Holds no worker while it
 * waits. When the run is asked to end the watch stays open in the ledger and the next run goes on with it.
 */
export async function followCi(
  world: FollowWorld,
  tools: { scheduler: CiScheduler; pool: WorkerPool },
  start: Followed,
  stop: Stop,
): Promise<CiVerdict | undefined> {
  let followed = start;
  if (start.takenBackBy) {
    return followTakenBack(world, tools.scheduler, start, { why: 'CI stayed red, so it was taken back' });
  }
  for (;;) {
    const current = followed.landings.at(-1);
    if (!current) return undefined;
    const outcome = await watch(world, tools.scheduler, followed, current);
    if (outcome === undefined || isDraining(stop)) return undefined;
    if (outcome.kind === 'verdict') return conclude(world, followed, outcome);

    const { options } = followed.visit;
    const { signature, excerpts } = outcome.failure;
    const red = { outcome, current };
    const used = followed.landings.length - 1 + (await fixesBegun(world, followed, current));
    const attempt = used + 1;
    const most = options.ci_autofix_enabled ? options.ci_max_fix_attempts : 0;
    const giveUp = reasonToGiveUp(outcome, followed, { used, most });
    if (giveUp !== undefined) return endRed(world, tools, followed, { ...red, why: giveUp }, stop);
    await world.ledger.record({ type: 'fix-started', sha: current.sha, attempt, signature });
    const fixed = await inTurn(world, stop, () =>
      tools.pool.run(
        () =>
          fixCi(
            world,
            followed.visit,
            { sha: current.sha, attempt, failures: excerpts, thread: followed.thread },
            stop,
          ),
        { urgent: true },
      ),
    );
    if (!fixed.ok) {
      const why = 'message' in fixed.failure ? fixed.failure.message : fixed.failure.kind;
      await world.ledger.record({ type: 'fix-failed', sha: current.sha, why });
      if (isDraining(stop)) return undefined;
      return endRed(world, tools, followed, { ...red, why: `the fix pass did not land: ${why}` }, stop);
    }
    const landing = landingOf(fixed.value);
    followed = {
      ...followed,
      landings: [...followed.landings, landing],
      signatures: [...followed.signatures, signature],
    };
    await startWatch(world, followed, fixed.value, attempt);
  }
}

/** Records that a landing waits for its verdict, with what its tree lets us expect. */
export async function startWatch(
  world: FollowWorld,
  followed: Followed,
  landed: Pick<Landed, 'sha' | 'parent'>,
  attempt: number,
): Promise<void> {
  const { visit, slug } = followed;
  const expected = await expectedRuns(world, visit.identity, slug, landed);
  await world.ledger.record({
    type: 'watch-started',
    sha: landed.sha,
    parent: landed.parent,
    branch: visit.identity.branch,
    slug,
    attempt,
    expected,
    takesBack: followed.takenBackBy && true,
  });
}

/** Gives a landing of an earlier process the watch that it lacks; the next run follows it to its verdict. */
export async function watchLanding(
  world: FollowWorld,
  visit: Visit,
  landed: Pick<Landed, 'sha' | 'parent'>,
): Promise<void> {
  const slug = visit.identity.remoteUrl ? world.forge?.slugOf(visit.identity.remoteUrl) : undefined;
  const known = await world.ledger.watches({ repo: visit.repo.name });
  if (!slug || known.some((one) => one.sha === landed.sha)) return;
  await startWatch(world, { visit, slug, thread: undefined, landings: [], signatures: [] }, landed, 0);
}

export function landingOf(landed: Landed): Followed['landings'][number] {
  return { sha: landed.sha, parent: landed.parent, commits: landed.commits.map((commit) => commit.sha) };
}

type RedOutcome = Extract<WatchOutcome, { kind: 'red' }>;
type RedFailure = RedOutcome['failure'];

function redOf({ sha }: Followed['landings'][number], { jobs, url }: RedFailure) {
  return { sha, jobs, url };
}

function watch(
  world: FollowWorld,
  scheduler: CiScheduler,
  followed: Followed,
  current: Followed['landings'][number],
): Promise<WatchOutcome | undefined> {
  const { visit, slug } = followed;
  return scheduler.watch({
    repo: visit.repo.name,
    slug,
    sha: current.sha,
    parent: current.parent,
    branch: visit.identity.branch,
    session: visit.session,
    run: visit.run,
    cycle: visit.cycle,
    attempt: followed.landings.length - (followed.takenBackBy ? 0 : 1),
    options: visit.options,
  });
}

function reasonToGiveUp(
  outcome: RedOutcome,
  followed: Followed,
  fixes: { used: number; most: number },
): string | undefined {
  const { signature, jobs } = outcome.failure;
  const what = jobs.join(', ') || 'the run';
  if (outcome.beforeUs) return `red before us: ${what} also failed on the commit before`;
  if (mended(followed).includes(signature)) return `${what} failed in the same way again after a fix`;
  const { used, most } = fixes;
  if (used < most) return undefined;
  return most === 0
    ? `${what} failed; fix passes are off`
    : `${what} still fails after ${used} fix ${used === 1 ? 'pass' : 'passes'}`;
}

/** Fix passes that began on a commit and landed nothing: their run died. They count, or a crash would pay for ever. */
async function fixesBegun(
  world: FollowWorld,
  { visit }: Followed,
  current: Followed['landings'][number],
): Promise<number> {
  const open = await world.ledger.watches({ repo: visit.repo.name, open: true });
  return open.find((one) => one.sha === current.sha)?.fixesBegun ?? 0;
}

/**
 * The signatures that a fix was landed for, one per fix. A process that died between reading a failure and landing
 * its fix leaves a signature that nobody has answered yet.
 */
function mended({ signatures, landings }: Followed): readonly string[] {
  return [...new Set(signatures)].slice(0, landings.length - 1);
}

/** Every commit of the landing gets its verdict; what an earlier one was mended by makes it `fixed`. */
async function conclude(
  world: FollowWorld,
  followed: Followed,
  end: { verdict: CiVerdict; why: string; url?: string | undefined },
): Promise<CiVerdict> {
  const last = followed.landings.at(-1);
  const isMended = end.verdict === 'green' && followed.landings.length > 1;
  for (const landing of [...followed.landings].reverse()) {
    const verdict = isMended && landing !== last ? 'fixed' : end.verdict;
    await world.ledger.record({ type: 'watch-ended', sha: landing.sha, verdict, why: end.why, url: end.url });
  }
  return isMended ? 'fixed' : end.verdict;
}

/** No fix is to come any more: the landing is taken back where that is wished, and else left red. */
async function endRed(
  world: FollowWorld,
  tools: { scheduler: CiScheduler; pool: WorkerPool },
  followed: Followed,
  red: { outcome: RedOutcome; current: Followed['landings'][number]; why: string },
  stop: Stop,
): Promise<CiVerdict | undefined> {
  const { outcome, current, why } = red;
  const { failure, beforeUs } = outcome;
  const { visit } = followed;
  if (!beforeUs && visit.options.ci_on_exhausted === 'revert') {
    const takenBackBy = await takeBack(world, tools, followed, failure, stop);
    const end = { why, url: failure.url };
    if (takenBackBy) return followTakenBack(world, tools.scheduler, { ...followed, takenBackBy }, end);
    if (isDraining(stop)) return undefined;
  }
  if (!beforeUs) await proposeRedCi(world, { ...world, visit }, redOf(current, failure));
  return conclude(world, followed, { verdict: 'red', why, url: failure.url });
}

/** Answers the landing that takes the others back; its CI is still to be waited for. */
async function takeBack(
  world: FollowWorld,
  tools: { scheduler: CiScheduler; pool: WorkerPool },
  followed: Followed,
  failure: RedFailure,
  stop: Stop,
): Promise<Followed['landings'][number] | undefined> {
  const ours = [...new Set(followed.landings.flatMap((landing) => landing.commits))].reverse();
  const reverted = await inTurn(world, stop, () =>
    tools.pool.run(() => revertLanding(world, followed.visit, ours, stop), { urgent: true }),
  );
  if (!reverted.ok) {
    if (isDraining(stop)) return undefined;
    const why = 'message' in reverted.failure ? reverted.failure.message : reverted.failure.kind;
    await world.ledger.record({
      type: 'warned',
      message: `${followed.visit.repo.name}: the revert did not land: ${why}`,
    });
    return undefined;
  }
  const landing = landingOf(reverted.value);
  const { jobs, url } = failure;
  const told = {
    sha: followed.landings[0]?.sha ?? landing.parent,
    revert: landing.sha,
    jobs,
    url,
    commits: ours,
  };
  await proposeTakenBack(world, { ...world, visit: followed.visit }, told);
  await startWatch(
    world,
    { ...followed, takenBackBy: landing },
    reverted.value,
    followed.landings.length - 1,
  );
  return landing;
}

/** Whatever CI says of what takes a landing back, nothing is mended or taken back after it. */
async function followTakenBack(
  world: FollowWorld,
  scheduler: CiScheduler,
  followed: Followed,
  end: { why: string; url?: string | undefined },
): Promise<CiVerdict | undefined> {
  const { takenBackBy } = followed;
  const after = takenBackBy && (await watch(world, scheduler, followed, takenBackBy));
  if (!takenBackBy || !after) return undefined;
  const isRed = after.kind === 'red';
  const { verdict, why, url } = isRed
    ? { verdict: 'red' as const, why: 'red even with our commits taken back', url: after.failure.url }
    : after;
  await world.ledger.record({ type: 'watch-ended', sha: takenBackBy.sha, verdict, why, url });
  await conclude(world, followed, { ...end, verdict: 'reverted' });
  return verdict === 'red' ? 'red' : 'reverted';
}

/** Tries again while another session holds the repository. */
async function inTurn<T extends { ok: boolean; failure?: { kind: string } }>(
  world: FollowWorld,
  stop: Stop,
  job: () => Promise<T>,
): Promise<T> {
  for (;;) {
    const result = await job();
    if (result.ok || result.failure?.kind !== 'repo-busy' || isDraining(stop)) return result;
    await world.clock.sleep(seconds(5), stop.drain);
  }
}
