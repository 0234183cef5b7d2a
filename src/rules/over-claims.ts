import type { Evidence } from '../domain/evidence.ts';
import type { Claim } from '../domain/task.ts';

const saysGreen = /\b(pass(es|ed|ing)?|green|succeed(s|ed)?|ok|no (errors|failures))\b/i;
const aboutChecks = /\b(tests?|build|lint|checks?|suite|compil\w*|verif\w*|typecheck)\b/i;

/** Claims that our own run contradicts: "the tests pass" beside a check that we saw fail. */
export function overClaims(
  claims: readonly Claim[],
  failing: readonly Evidence[],
): readonly { claim: string; saw: string }[] {
  const first = failing[0];
  if (!first) return [];
  const saw = `${first.check} (\`${first.command}\`) ended with ${first.exitCode === undefined ? (first.note ?? 'no exit') : `exit ${first.exitCode}`}`;
  return claims
    .map((claim) => `${claim.text}${claim.how ? ` (${claim.how})` : ''}`)
    .filter((claim) => saysGreen.test(claim) && aboutChecks.test(claim))
    .map((claim) => ({ claim, saw }));
}
