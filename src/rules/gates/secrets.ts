import type { Finding } from '../../domain/change.ts';
import { addedLines } from './conflict-markers.ts';

/** Refuses added lines in which the redactor sees a secret. The finding never repeats it. */
export function secrets(diff: string, redact: (text: string) => string): readonly Finding[] {
  if (redact(diff) === diff) return [];
  const hits = addedLines(diff).filter((line) => redact(line.text) !== line.text);
  return hits.map((line) => ({
    gate: 'secrets',
    severity: 'P0',
    file: line.file,
    line: line.number,
    message: `what looks like a secret in ${line.file}:${line.number} (${maskOf(redact(line.text))})`,
    hint: 'take the value out of the file and read it from the environment at run time',
  }));
}

function maskOf(redacted: string): string {
  return /\[redacted[^\]]*\]/.exec(redacted)?.[0] ?? '[redacted]';
}
