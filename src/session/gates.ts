import type { Finding } from '../domain/change.ts';
import type { SessionFailure } from '../domain/failure.ts';
import type { Sha } from '../domain/repo.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import { conflictMarkers } from '../rules/gates/conflict-markers.ts';
import { secrets } from '../rules/gates/secrets.ts';
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
  range: { from: Sha; to: Sha },
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
  const refused: Finding[] = [];
  for (const gate of gates) {
    const findings = diffs.flatMap((diff) => gate.look(diff, world));
    await session.ledger.record({ type: 'gate-judged', gate: gate.name, findings });
    refused.push(...findings);
  }
  return refused.length === 0 ? ok(undefined) : failed({ kind: 'gate-refused', findings: refused });
}
