import type { SessionFailure } from '../domain/failure.ts';
import type { Repo, Sha } from '../domain/repo.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import type { Lease } from '../ports/leases.ts';
import type { GitFailure } from '../ports/mirrors.ts';
import { compactionWorkspace } from '../rules/compaction-workspace.ts';
import { linesOf } from '../rules/memory/lines.ts';
import { type Checks, findChecks } from '../session/checks.ts';
import { workspaceFailure } from '../session/failure-words.ts';
import { nothingKnown } from '../session/knowledge.ts';
import { prepare } from '../session/prepare.ts';
import { type Summarise, type Summarised, summariserFor } from '../session/summarise.ts';
import { mustEndNow, type OpenSession, type Stop, type Visit } from '../session/visit.ts';
import { commitOf, inWords, shortened } from './compacted-commit.ts';
import { type CompactOrder, mayCompact } from './may-compact.ts';
import type { RunWorld } from './run-world.ts';
import { watchCompaction } from './watch-compaction.ts';

/** What compacting came to. `sha`: the landed commit. */
export interface CompactedRepository {
  readonly changed: boolean;
  readonly sha?: Sha | undefined;
  readonly lines: { readonly before: number; readonly after: number };
  /** What an agent that was asked for the lines of old entries made of them. */
  readonly summarised?: Pick<Summarised, 'asked' | 'used' | 'why'> | undefined;
  /** The session under which the ledger knows the watch of its CI; undefined: it is not watched. */
  readonly watched?: string | undefined;
}

/**
 * Shortens the memory of a repository in a landing of its own: no agent unless one is ordered, but the same lock,
 * workspace, checks and push as any session. The whole file is in the archive of the same commit.
 */
export async function compactRepository(
  world: RunWorld,
  order: CompactOrder,
  repo: Repo,
  stop: Stop,
): Promise<Result<CompactedRepository, SessionFailure>> {
  const may = await mayCompact(world, order, repo);
  if (!may.ok) return may;
  const options = may.value;
  const identified = await world.mirrors.identify(repo);
  if (!identified.ok) return failed({ kind: 'repo-unusable', message: identified.failure.message, hint: '' });
  const identity = identified.value;
  const name = `compact-${world.randomId(8)}`;
  const place = compactionWorkspace(identity.key);
  const holder = `compacting the memory of ${repo.name}`;
  const context = { run: order.run, repo: repo.name };
  const taken = await world.leases.acquire(identity.key, holder, context);
  if (!taken.ok) return failed({ kind: 'repo-busy', holder: taken.failure.holder });
  await using lease = taken.value;
  const synced = await world.mirrors.sync(identity);
  if (!synced.ok) return failed({ kind: 'remote-unreachable', message: synced.failure.message, hint: '' });
  const mirror = synced.value;
  // A process that died while it compacted left this one, and made nothing in it that cannot be made again.
  await world.mirrors.discardWorkspace(place);
  const opened = await mirror.openWorkspace(place, mirror.tip);
  if (!opened.ok) return failed(workspaceFailure(opened.failure));
  await using workspace = opened.value;

  const folder = await world.files.sessionFolder(repo.name, 0);
  const visit: Visit = {
    session: name,
    repo,
    identity,
    options,
    run: order.run ?? 'by-hand',
    cycle: 0,
    signals: [],
    issues: [],
    onlyAsked: false,
    landedSinceCleanup: 0,
    folder,
    logs: world.files.relative(folder),
  };
  const ledger = world.ledger.within({ repo: repo.name });
  const session: OpenSession = { visit, knowledge: nothingKnown, mirror, workspace, ledger };
  const summarise = order.summaries === 'agent' ? summariserFor(world, session, stop) : undefined;
  return await compactAndLand({ ...world, ledger }, session, { lease, summarise }, stop);
}

async function compactAndLand(
  world: RunWorld,
  session: OpenSession,
  { lease, summarise }: { lease: Lease; summarise: Summarise | undefined },
  stop: Stop,
): Promise<Result<CompactedRepository, SessionFailure>> {
  const { mirror, visit, ledger, workspace } = session;
  const attempts = visit.options.land_attempts;
  let checks: Checks | undefined;
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const tip = mirror.tip;
    const there = await workspace.resetTo(tip);
    if (!there.ok) return failed(workspaceFailure(there.failure));
    const read = await shortened(world, session, tip);
    if (!read.ok) return read;
    const { shorter, whole } = read.value;
    if (!shorter?.changed) return ok({ changed: false, lines: unchanged(whole) });

    if (!checks) {
      checks = await findChecks(world, visit, workspace.folder);
      const prepared = await prepare(world, session, checks, stop);
      if (!prepared.ok) return prepared;
    }
    const said = summarise && (await inWords(session, { tip, shorter, whole }, summarise));
    if (said && !said.ok) return said;
    const summarised = said?.value;
    const text = (summarised ? shorter.inWords(summarised.wordsFor) : shorter).text;
    const made = await commitOf(world, session, { tip, shorter, whole, text }, { checks, stop });
    if (!made.ok) return made;
    const sha = made.value;
    if (mustEndNow(stop)) return failed({ kind: 'interrupted', message: 'stopped before landing' });
    if (!(await lease.stillHighest()) || lease.lost.aborted)
      return failed({ kind: 'lease-lost', message: 'another session took the repository over' });
    const landed = await mirror.land(sha, tip);
    if (landed.ok) {
      const { lines, archive } = shorter;
      await ledger.record({ type: 'memory-compacted', commit: sha, archive, ...lines });
      if (visit.options.update_checkout && landed.value.mode === 'push') await mirror.updateCheckout(sha);
      const isPushed = landed.value.mode === 'push';
      const watched = isPushed ? await watchCompaction(world, visit, { sha, parent: tip }) : undefined;
      return ok({ changed: true, sha, lines, summarised, watched });
    }
    if (landed.failure.kind !== 'moved') return failed(notLanded(landed.failure));
    const refreshed = await mirror.refresh();
    if (!refreshed.ok) return failed(notLanded(refreshed.failure));
  }
  return failed({ kind: 'tip-kept-moving', attempts });
}

function unchanged(text: string): CompactedRepository['lines'] {
  const count = linesOf(text).length;
  return { before: count, after: count };
}

function notLanded(failure: GitFailure): SessionFailure {
  const { kind, message } = failure;
  if (kind === 'unreachable') return { kind: 'remote-unreachable', message, hint: '' };
  if (kind === 'access')
    return { kind: 'access-refused', message, hint: 'give the token the right it lacks' };
  if (kind === 'in-the-way') return { kind: 'checkout-in-the-way', message };
  return workspaceFailure(failure);
}
