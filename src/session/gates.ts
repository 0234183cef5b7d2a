import type { Finding } from '../domain/change.ts';
import type { SessionFailure } from '../domain/failure.ts';
import type { Sha } from '../domain/repo.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import { conflictMarkers } from '../rules/gates/conflict-markers.ts';
import {
  type InstructionEdit,
  instructionFiles,
  isInstructionFile,
} from '../rules/gates/instruction-files.ts';
import { secrets } from '../rules/gates/secrets.ts';
import { touchedFiles } from '../rules/gates/touched-files.ts';
import { workspaceFailure } from './failure-words.ts';
import type { OpenSession, SessionWorld } from './visit.ts';

const diffBytes = 64 * 1024 * 1024;

/** The gates, in the order they are asked. Each is a pure function of the diff of one commit. */
const gates: readonly {
  name: string;
  look: (diff: string, world: Pick<SessionWorld, 'redact'>) => readonly Finding[];
}[] = [
  { name: 'conflict-markers', look: (diff) => conflictMarkers(diff) },
  { name: 'secrets', look: (diff, world) => secrets(diff, world.redact) },
];

/** Asks every gate about every commit of the range. Only the findings decide; each answer is a fact. */
export async function askGates(
  world: Pick<SessionWorld, 'redact'>,
  session: OpenSession,
  range: { from: Sha; to: Sha; takesBack?: boolean | undefined },
): Promise<Result<void, SessionFailure>> {
  const commits = await session.mirror.commits(range.from, range.to);
  if (!commits.ok) return failed(workspaceFailure(commits.failure));
  const diffs: string[] = [];
  let parent = range.from;
  for (const commit of commits.value) {
    const diff = await session.mirror.diff(parent, commit.sha, diffBytes);
    if (!diff.ok) return failed(workspaceFailure(diff.failure));
    diffs.push(`${diff.value}\n`);
    parent = commit.sha;
  }
  const judged: { gate: string; findings: readonly Finding[] }[] = gates.map(({ name, look }) => ({
    gate: name,
    findings: diffs.flatMap((diff) => look(diff, world)),
  }));
  // What a revert takes away, or brings back, was there before.
  const edits = range.takesBack ? [] : await instructionEdits(session, range, diffs);
  const named = edits.length === 0 ? [] : await namedByPeople(session, commits.value);
  const hasReadOthers = edits.length > 0 && (await readOthers(session));
  judged.push({ gate: 'instruction-files', findings: instructionFiles(edits, named, hasReadOthers) });
  await session.ledger.record(...judged.map((one) => ({ type: 'gate-judged' as const, ...one })));
  const refused = judged.flatMap(({ findings }) => findings);
  return refused.length === 0 ? ok(undefined) : failed({ kind: 'gate-refused', findings: refused });
}

/** What the range as a whole does to files that tell agents what to do. */
async function instructionEdits(
  { mirror }: OpenSession,
  { from, to }: { from: Sha; to: Sha },
  diffs: readonly string[],
): Promise<readonly InstructionEdit[]> {
  const touched = new Set(diffs.flatMap(touchedFiles).filter(isInstructionFile));
  const edits: InstructionEdit[] = [];
  for (const file of touched) {
    const before = await mirror.readFile(from, file, diffBytes);
    edits.push({ file, before, after: await mirror.readFile(to, file, diffBytes) });
  }
  return edits;
}

/** Whether an agent of the session was shown words that are not ours: an issue, or what CI says. */
async function readOthers({ ledger, visit }: OpenSession): Promise<boolean> {
  const { issues, redCi, signals } = visit;
  if (issues.length > 0 || redCi !== undefined) return true;
  if (signals.some(({ kind, trust }) => trust === 'untrusted' && kind !== 'trusted-issue')) return true;
  const turns = (await ledger.session(visit.session))?.turns ?? [];
  if (turns.some(({ kind }) => kind === 'ci-fix')) return true;
  const known = await ledger.issues({ repo: visit.repo.name });
  return known.some(({ offered }) => offered?.session === visit.session);
}

/** The paths that people name in the tasks which these commits do; a repair of the session does all of them. */
async function namedByPeople(
  { ledger, visit }: OpenSession,
  commits: readonly { message: string }[],
): Promise<readonly string[]> {
  const tasks = (await ledger.session(visit.session))?.tasks ?? [];
  const isRework = commits.some(({ message }) => /^Clone-Turn: repair$/m.test(message));
  const done = new Set(commits.map(({ message }) => /^Clone-Task: (.+)$/m.exec(message)?.[1]));
  return tasks
    .filter(
      ({ plan, state }) =>
        plan.operatorTask !== undefined && (done.has(plan.id) || (isRework && state === 'done')),
    )
    .flatMap(({ plan }) => plan.paths);
}
