import path from 'node:path';
import type { Evidence } from '../domain/evidence.ts';
import { fenced, sanitise } from '../rules/untrusted.ts';
import type { OpenSession, SessionWorld } from './visit.ts';

/** For all of them together: a repair costs the same however much is red. */
const excerptBytes = 24_000;

/** What failed, as a prompt tells it: the command, its exit, and the ends of its output as untrusted data. */
export async function describeFailing(
  world: Pick<SessionWorld, 'workplace' | 'redact' | 'randomId'>,
  session: OpenSession,
  failing: readonly Evidence[],
): Promise<string> {
  const parts: string[] = [];
  const share = Math.floor(excerptBytes / Math.max(1, failing.length));
  for (const evidence of failing) {
    const output = evidence.log
      ? await world.workplace.readEnds(path.join(session.visit.folder, path.basename(evidence.log)), share)
      : '';
    const outcome =
      evidence.exitCode === undefined ? (evidence.note ?? 'did not finish') : `exit ${evidence.exitCode}`;
    parts.push(
      `Check \`${evidence.check}\`, run as \`${evidence.command}\`: ${outcome}`,
      fenced(sanitise(world.redact(output), { maxChars: share }), {
        source: `output of ${evidence.check}`,
        nonce: world.randomId(8),
      }),
    );
  }
  return parts.join('\n\n');
}
