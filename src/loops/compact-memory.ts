import type { SessionFailure } from '../domain/failure.ts';
import { memoryFiles } from '../domain/memory.ts';
import type { Repo, Sha } from '../domain/repo.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import type { Lease } from '../ports/leases.ts';
import type { GitFailure, Workspace } from '../ports/mirrors.ts';
import { commitMessage } from '../rules/commit-message.ts';
import { archiveName, type Compacted } from '../rules/memory/compact-memory.ts';
import { linesOf } from '../rules/memory/lines.ts';
import { type Checks, findChecks } from '../session/checks.ts';
import { workspaceFailure } from '../session/failure-words.ts';
import { nothingKnown } from '../session/knowledge.ts';
import { prepare } from '../session/prepare.ts';
import { compactedText } from '../session/remember-compact.ts';
import { memoryFilesIn } from '../session/remember-files.ts';
import { verify } from '../session/verify.ts';
import { mustEndNow, type OpenSession, type Stop, type Visit } from '../session/visit.ts';
import type { RunOrder, RunWorld } from './run-world.ts';

/** What compacting came to. `sha`: the landed commit. */
export interface CompactedRepository {
  readonly changed: boolean;
  readonly sha?: Sha | undefined;
  readonly lines: { readonly before: number; readonly after: number };
}

const file = memoryFiles.memory;

/**
 * Shortens the memory of a repository in a landing of its own: no agent, but the same lock, workspace, checks and push
 * as any session. The whole file is in the archive of the same commit.
 */
export async function compactRepository(
  world: RunWorld,
  order: Pick<RunOrder, 'optionsFor'> & { readonly run?: string | undefined },
  repo: Repo,
  stop: Stop,
): Promise<Result<CompactedRepository, SessionFailure>> {
  const options = await order.optionsFor(repo);
  const refusal = whyNot(options);
  if (refusal) return failed(refusal);
  const identified = await world.mirrors.identify(repo);
  if (!identified.ok) return failed({ kind: 'repo-unusable', message: identified.failure.message, hint: '' });
  const identity = identified.value;
  const name = `compact-${world.randomId(8)}`;
  const taken = await world.leases.acquire(identity.key, `compacting the memory of ${repo.name}`);
  if (!taken.ok) return failed({ kind: 'repo-busy', holder: taken.failure.holder });
  await using lease = taken.value;
  const synced = await world.mirrors.sync(identity);
  if (!synced.ok) return failed({ kind: 'remote-unreachable', message: synced.failure.message, hint: '' });
  const mirror = synced.value;
  const opened = await mirror.openWorkspace(name, mirror.tip);
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
  return await compactAndLand({ ...world, ledger }, session, lease, stop);
}

function whyNot(options: Visit['options']): SessionFailure | undefined {
  if (!options.memory_enabled) {
    const hint = 'set memory_enabled: true for it first';
    return { kind: 'repo-unusable', message: 'memory_enabled is false here', hint };
  }
  if (options.land === 'push') return undefined;
  const hint = 'The next landing that a person accepts compacts it too.';
  return {
    kind: 'repo-unusable',
    message: `land is ${options.land} here: nothing is pushed by itself`,
    hint,
  };
}

async function compactAndLand(
  world: RunWorld,
  session: OpenSession,
  lease: Lease,
  stop: Stop,
): Promise<Result<CompactedRepository, SessionFailure>> {
  const { mirror, visit, ledger, workspace } = session;
  const attempts = visit.options.land_attempts;
  let checks: Checks | undefined;
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const tip = mirror.tip;
    const there = await workspace.resetTo(tip);
    if (!there.ok) return failed(workspaceFailure(there.failure));
    const shorter = await shortened(world, session, tip);
    if (!shorter.ok) return shorter;
    const { lines, changed } = shorter.value;
    if (!changed) return ok({ changed, lines });

    if (!checks) {
      checks = await findChecks(world, visit, workspace.folder);
      const prepared = await prepare(world, session, checks, stop);
      if (!prepared.ok) return prepared;
    }
    const made = await commitOf(world, session, { tip, ...shorter.value }, { checks, stop });
    if (!made.ok) return made;
    const { sha, archive } = made.value;
    if (mustEndNow(stop)) return failed({ kind: 'interrupted', message: 'stopped before landing' });
    if (!(await lease.stillHighest()) || lease.lost.aborted)
      return failed({ kind: 'lease-lost', message: 'another session took the repository over' });
    const landed = await mirror.land(sha, tip);
    if (landed.ok) {
      const { before, after } = lines;
      await ledger.record({ type: 'memory-compacted', commit: sha, archive, before, after });
      if (visit.options.update_checkout && landed.value.mode === 'push') await mirror.updateCheckout(sha);
      return ok({ changed, sha, lines });
    }
    if (landed.failure.kind !== 'moved') return failed(notLanded(landed.failure));
    const refreshed = await mirror.refresh();
    if (!refreshed.ok) return failed(notLanded(refreshed.failure));
  }
  return failed({ kind: 'tip-kept-moving', attempts });
}

type Shortened = Pick<Compacted, 'changed' | 'text' | 'lines'> & { readonly whole: string };

async function shortened(
  world: RunWorld,
  session: OpenSession,
  tip: Sha,
): Promise<Result<Shortened, SessionFailure>> {
  const found = await memoryFilesIn(session.workspace);
  const problem = found.problems.find((one) => one.file === file);
  if (problem)
    return failed({ kind: 'repo-unusable', message: `${file} is left alone: ${problem.why}`, hint: '' });
  const text = found.texts.get('memory') ?? '';
  const compacted = await compactedText(session, { sha: tip, text, now: world.clock.now() });
  const count = linesOf(text).length;
  const same = { changed: false, text, lines: { before: count, after: count } };
  return ok({ ...(compacted ?? same), whole: text });
}

/** The commit of the shorter file with the whole one in the archive, verified on exactly that tree. */
async function commitOf(
  world: RunWorld,
  session: OpenSession,
  { tip, text, whole }: Shortened & { tip: Sha },
  { checks, stop }: { checks: Checks; stop: Stop },
): Promise<Result<{ sha: Sha; archive: string }, SessionFailure>> {
  const { workspace, visit } = session;
  const archive = archiveName(world.clock.now());
  const tree = await treeWith(workspace, tip, [
    [archive, whole],
    [file, text],
  ]);
  if (!tree.ok) return tree;
  const trailers = { run: visit.run, session: visit.session, turn: 'memory' };
  const message = commitMessage(`Compact ${file}`, 'Compact', trailers);
  const made = await workspace.commit(tree.value, tip, message);
  if (!made.ok) return failed(workspaceFailure(made.failure));
  const sha = made.value;
  const what = { checks: checks.checks, commit: sha, tree: tree.value, base: new Map(), label: 'memory' };
  const checked = await verify(world, session, what, stop);
  if (!checked.ok) return checked;
  if (checked.value.kind === 'green') return ok({ sha, archive });
  const names = checked.value.failing.map(({ check }) => check).join(', ');
  return failed({ kind: 'tasks-rejected', message: `${names} is red with the shorter ${file}` });
}

async function treeWith(
  workspace: Workspace,
  tip: Sha,
  files: readonly (readonly [string, string])[],
): Promise<Result<string, SessionFailure>> {
  const snapshot = await workspace.snapshotWith(tip, new Map(files));
  if (!snapshot.ok) return failed(workspaceFailure(snapshot.failure));
  const [lost] = snapshot.value.missing;
  if (lost === undefined) return ok(snapshot.value.tree);
  return failed({
    kind: 'repo-unusable',
    message: `${lost} cannot be committed: git is told to ignore it, or something is in its way`,
    hint: 'take it out of .gitignore',
  });
}

function notLanded(failure: GitFailure): SessionFailure {
  const { kind, message } = failure;
  if (kind === 'unreachable') return { kind: 'remote-unreachable', message, hint: '' };
  if (kind === 'access')
    return { kind: 'access-refused', message, hint: 'give the token the right it lacks' };
  if (kind === 'in-the-way') return { kind: 'checkout-in-the-way', message };
  return workspaceFailure(failure);
}
