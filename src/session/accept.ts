import type { SessionFailure } from '../domain/failure.ts';
import type { Sha } from '../domain/repo.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import type { Lesson } from '../rules/tell-incident.ts';
import { askGates } from './gates.ts';
import { proposeRefused } from './remember-proposals.ts';
import { rework } from './rework.ts';
import type { Landing } from './verified-at.ts';
import { isDraining, type OpenSession, type SessionWorld, type Stop } from './visit.ts';

/**
 * Asks the gates; a refusal goes back to the agent with the exact findings, a bounded number of times. What it
 * mends becomes one new commit in place of the refused ones, so that nothing refused stays in the history.
 */
export async function acceptOrRepair(
  world: SessionWorld,
  session: OpenSession,
  landing: Landing & { readonly stem?: string | undefined },
  stop: Stop,
): Promise<Result<{ tip: Sha; thread: string | undefined }, SessionFailure>> {
  const attempts = session.visit.options.verify_fix_attempts;
  let { tip, thread } = landing;
  let lesson: Lesson = { rootCause: '', preventionRule: '' };
  for (let attempt = 1; ; attempt += 1) {
    const allowed = await askGates(world, session, { from: landing.from, to: tip });
    if (allowed.ok) return ok({ tip, thread });
    if (allowed.failure.kind !== 'gate-refused' || isDraining(stop)) return allowed;
    const { findings } = allowed.failure;
    if (attempt > attempts) {
      if (attempts > 0) await proposeRefused(world, session, { findings, repairs: attempts, lesson });
      return allowed;
    }
    const order = {
      onto: landing.from,
      stem: `${landing.stem ?? 'gate-repair'}-${attempt}`,
      attempt,
      attempts,
      findings: findings
        .map((finding) => `- ${finding.gate}: ${finding.message}. To do: ${finding.hint}.`)
        .join('\n'),
      subject: 'Rework after a refused gate',
    };
    const repaired = await rework(world, session, { ...landing, tip, thread }, order, stop);
    if (!repaired.ok) return repaired;
    if (repaired.value.kind !== 'green') {
      await proposeRefused(world, session, { findings, repairs: attempt, lesson });
      return failed({ kind: 'gate-refused', findings });
    }
    ({ tip, thread, handoff: lesson } = repaired.value);
  }
}
