import type { Check } from '../domain/check.ts';

/** The checks as a prompt shows them: one line each. */
export function listChecks(checks: readonly Check[]): string {
  if (checks.length === 0)
    return '- none are known; keep what is there working and add a test with how to run it';
  return checks
    .map((check) => `- ${check.name}: \`${check.run}\`${check.required ? '' : ' (reported only)'}`)
    .join('\n');
}
