import type { Check } from '../domain/check.ts';

const longestCommand = 300;
const mostChecks = 30;

/** The checks as a prompt shows them: one line each, however long their commands are. */
export function listChecks(checks: readonly Check[]): string {
  if (checks.length === 0)
    return '- none are known; keep what is there working and add a test with how to run it';
  const lines = checks
    .slice(0, mostChecks)
    .map(
      (check) =>
        `- ${oneLine(check.name)}: \`${oneLine(check.run)}\`${check.required ? '' : ' (reported only)'}`,
    );
  const more = checks.length - lines.length;
  return [...lines, ...(more > 0 ? [`- and ${more} more`] : [])].join('\n');
}

function oneLine(text: string): string {
  const line = text.trim().replace(/\s*\n\s*/g, ' ⏎ ');
  return line.length <= longestCommand ? line : `${line.slice(0, longestCommand - 1)}…`;
}
