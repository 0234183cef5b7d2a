import type { Handoff } from '../domain/task.ts';
import type { ChecksVerdict } from '../rules/judge-checks.ts';
import { contradicted, type OverClaim } from '../rules/over-claims.ts';
import type { OpenSession } from './visit.ts';

/** Records every claim of a handoff that our own run of the checks contradicts, and answers them. */
export async function tellOverClaims(
  { ledger }: Pick<OpenSession, 'ledger'>,
  { claims }: Pick<Handoff, 'claims'>,
  verdict: ChecksVerdict,
): Promise<readonly OverClaim[]> {
  const found = contradicted(claims, verdict);
  for (const claim of found) await ledger.record({ type: 'over-claimed', ...claim });
  return found;
}
