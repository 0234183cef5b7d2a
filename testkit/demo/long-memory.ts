const day = 86_400_000;

/** A PROJECT_MEMORY.md with so many decisions, newest first, ten lines each: long enough to be compacted. */
export function longMemory(decisions: number): string {
  const entries = Array.from({ length: decisions }, (_, index) => entry(decisions - index));
  return `# Project memory\n\n## Objective\n\nPrint prices people trust.\n\n## Recent Decisions\n\n${entries.join('\n')}`;
}

function entry(number: number): string {
  const at = new Date(Date.UTC(2026, 7, 1) + number * day).toISOString().replace('.000', '');
  return [
    `### ${at}`,
    '',
    `- Decision: Keep price rule ${number} in one function`,
    '- Why: Two places that print prices had begun to differ',
    '- Evidence: local: `npm test` exited 0',
    '- Commit: none',
    '- Confidence: medium',
    '- Trust: trusted',
    '- Follow-up: none',
    '',
  ].join('\n');
}
