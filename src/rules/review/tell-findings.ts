import type { ReviewFinding } from '../../domain/review.ts';

/** Where a finding points: `src/a.ts:12`, `src/a.ts`, or nothing. */
export function placeOf({ file, line }: Pick<ReviewFinding, 'file' | 'line'>): string {
  if (file === undefined) return '';
  return line === undefined ? file : `${file}:${line}`;
}

/** A finding in one line: `P1 src/a.ts:12: it divides by zero`. */
export function findingLine(finding: ReviewFinding): string {
  const place = placeOf(finding);
  const message = finding.message.replace(/\s+/g, ' ').trim();
  return `${finding.severity} ${place === '' ? '' : `${place}: `}${message}`;
}

/** The first of the findings, and how many there are beside it. */
export function findingsInShort(findings: readonly ReviewFinding[]): string {
  const [first] = findings;
  if (!first) return 'nothing';
  const more = findings.length === 1 ? '' : ` (and ${findings.length - 1} more)`;
  return `${findingLine(first)}${more}`;
}

/** The findings as whoever has to mend them is told: each with its reason and what would help. */
export function findingsAtLength(findings: readonly ReviewFinding[]): string {
  return findings
    .map((finding) =>
      [
        `- ${findingLine(finding)}`,
        ...(finding.why === '' ? [] : [`  Why: ${finding.why}`]),
        ...(finding.suggestion === '' ? [] : [`  Suggestion: ${finding.suggestion}`]),
      ].join('\n'),
    )
    .join('\n');
}
