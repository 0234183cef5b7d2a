import type { SessionFailure } from '../domain/failure.ts';
import { memoryFiles } from '../domain/memory.ts';
import type { Sha } from '../domain/repo.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import type { Workspace } from '../ports/mirrors.ts';
import { commitMessage } from '../rules/commit-message.ts';
import type { Checks } from '../session/checks.ts';
import { workspaceFailure } from '../session/failure-words.ts';
import { type CompactedText, compactedText } from '../session/remember-compact.ts';
import { memoryFilesIn } from '../session/remember-files.ts';
import type { Summarise, Summarised } from '../session/summarise.ts';
import { verify } from '../session/verify.ts';
import type { OpenSession, Stop } from '../session/visit.ts';
import type { RunWorld } from './run-world.ts';

const file = memoryFiles.memory;

/** PROJECT_MEMORY.md at the tip. `shorter`: undefined where nothing is due. */
interface Shortened {
  readonly shorter: CompactedText | undefined;
  readonly whole: string;
}

/** What is to be committed on the tip: the shorter text, and the whole of it in the archive. */
export interface Due {
  readonly tip: Sha;
  readonly shorter: CompactedText;
  readonly whole: string;
}

type Shortening = Parameters<typeof compactedText>[0] & Pick<OpenSession, 'workspace'>;

/** Reads PROJECT_MEMORY.md in the workspace and makes it shorter, if that is due. */
export async function shortened(
  world: Pick<RunWorld, 'clock'>,
  session: Shortening,
  tip: Sha,
): Promise<Result<Shortened, SessionFailure>> {
  const found = await memoryFilesIn(session.workspace);
  const problem = found.problems.find((one) => one.file === file);
  if (problem)
    return failed({ kind: 'repo-unusable', message: `${file} is left alone: ${problem.why}`, hint: '' });
  const whole = found.texts.get('memory') ?? '';
  const shorter = await compactedText(session, { sha: tip, text: whole, now: world.clock.now() });
  return ok({ shorter, whole });
}

/** The old entries in an agent's words: asked for when it is known that the archive can be kept. */
export async function inWords(
  { workspace }: OpenSession,
  { tip, shorter, whole }: Due,
  summarise: Summarise,
): Promise<Result<Summarised, SessionFailure>> {
  const tree = await treeWith(workspace, tip, [
    [shorter.archive, whole],
    [file, shorter.text],
  ]);
  return tree.ok ? ok(await summarise(shorter.longer(), { tip, tree: tree.value })) : tree;
}

/** The commit of the shorter file with the whole one in the archive, verified on exactly that tree. */
export async function commitOf(
  world: RunWorld,
  session: OpenSession,
  { tip, shorter, whole, text }: Due & { text: string },
  { checks, stop }: { checks: Checks; stop: Stop },
): Promise<Result<Sha, SessionFailure>> {
  const { workspace, visit } = session;
  const tree = await treeWith(workspace, tip, [
    [shorter.archive, whole],
    [file, text],
  ]);
  if (!tree.ok) return tree;
  const trailers = { run: visit.run, session: visit.session, turn: 'memory' };
  const message = commitMessage(`Compact ${file}`, 'Compact', trailers);
  const made = await workspace.commit(tree.value, tip, message);
  if (!made.ok) return failed(workspaceFailure(made.failure));
  const sha = made.value;
  const on = { commit: sha, tree: tree.value, below: tip, base: new Map(), label: 'memory' };
  const what = { checks: checks.checks, ...on };
  const checked = await verify(world, session, what, stop);
  if (!checked.ok) return checked;
  if (checked.value.kind === 'green') return ok(sha);
  const names = checked.value.failing.map(({ check }) => check).join(', ');
  return failed({ kind: 'tasks-rejected', message: `${names} is red with the shorter ${file}` });
}

/** The tree of the tip with these files; a failure when one of them would be lost. */
export async function treeWith(
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
