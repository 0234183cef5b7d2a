import type { Evidence } from '../../domain/evidence.ts';

const longest = 300;
const most = 30;

/** What our own checks said last, one line each with its exit. What was red before us says so. */
export function evidenceLines(evidence: readonly Evidence[]): string {
  const last = new Map(evidence.map((seen) => [seen.check, seen]));
  if (last.size === 0) return '- nothing was run: no check of this repository is known';
  return [...last.values()]
    .slice(-most)
    .map(({ check, command, exitCode, note, label }) => {
      const exit = exitCode === undefined ? 'did not finish' : `exit ${exitCode}`;
      const noted = note === undefined ? '' : `, ${note}`;
      return `- ${line(check)} (${label}): \`${line(command)}\`: ${exit}${line(noted)}`;
    })
    .join('\n');
}

function line(text: string): string {
  return text.replace(/\s+/g, ' ').slice(0, longest);
}
