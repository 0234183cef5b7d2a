import path from 'node:path';
import type { Evidence } from '../domain/evidence.ts';
import { fenced, sanitise } from '../rules/untrusted.ts';
import type { OpenSession, SessionWorld } from './visit.ts';

const excerptBytes = 12_000;

/** What failed, as a prompt tells it: the command, its exit, and the ends of its output as untrusted data. */
export async function describeFailing(
  world: Pick<SessionWorld, 'workplace' | 'redact' | 'randomId'>,
  session: OpenSession,
  failing: readonly Evidence[],
): Promise<string> {
  const parts: string[] = [];
  for (const evidence of failing) {
    const output = evidence.log
      ? await world.workplace.readEnds(
          path.join(session.visit.folder, path.basename(evidence.log)),
          excerptBytes,
        )
      : '';
    const outcome =
      evidence.exitCode === undefined ? (evidence.note ?? 'did not finish') : `exit ${evidence.exitCode}`;
    parts.push(
      `Check \`${evidence.check}\`, run as \`${evidence.command}\`: ${outcome}`,
      fenced(sanitise(world.redact(output), { maxChars: excerptBytes }), {
        source: `output of ${evidence.check}`,
        nonce: world.randomId(8),
      }),
    );
  }
  return parts.join('\n\n');
}
