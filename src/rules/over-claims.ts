import type { Evidence } from '../domain/evidence.ts';
import type { Claim } from '../domain/task.ts';
import type { ChecksVerdict } from './judge-checks.ts';

const saysGreen = /\b(pass(es|ed|ing)?|green|succeed(s|ed)?|ok|no (errors|failures))\b/i;
const aboutChecks = /\b(tests?|build|lint|checks?|suite|compil\w*|verif\w*|typecheck)\b/i;

export interface OverClaim {
  readonly claim: string;
  readonly saw: string;
}

/**
 * Claims that our own run of the checks contradicts. What does not count against the work, red before us or only
 * reported, contradicts only a claim that names it: the rest may well be green.
 */
export function contradicted(claims: readonly Claim[], verdict: ChecksVerdict): readonly OverClaim[] {
  if (verdict.kind === 'red') return overClaims(claims, verdict.failing);
  return claims.flatMap((claim) => {
    const said = wordsOf(claim);
    const named = saysGreen.test(said) ? verdict.red.find((one) => names(said, one)) : undefined;
    return named ? [{ claim: said, saw: sawOf(named) }] : [];
  });
}

/** Claims that our own run contradicts: "the tests pass" beside a check that we saw fail. */
export function overClaims(claims: readonly Claim[], failing: readonly Evidence[]): readonly OverClaim[] {
  const first = failing[0];
  if (!first) return [];
  const saw = sawOf(first);
  return claims
    .map(wordsOf)
    .filter((said) => saysGreen.test(said) && aboutChecks.test(said))
    .map((claim) => ({ claim, saw }));
}

function wordsOf({ text, how }: Claim): string {
  return `${text}${how ? ` (${how})` : ''}`;
}

function names(said: string, { check, command }: Evidence): boolean {
  const words = ` ${said.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ')} `;
  const name = check
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  return (
    said.includes(command) || (name !== '' && (words.includes(` ${name} `) || words.includes(` ${name}s `)))
  );
}

function sawOf({ check, command, exitCode, note }: Evidence): string {
  const exit = exitCode === undefined ? (note ?? 'no exit') : `exit ${exitCode}`;
  const more = exitCode !== undefined && note !== undefined ? `, ${note}` : '';
  return `${check} (\`${command}\`) ended with ${exit}${more}`;
}
