import type { Finding } from '../../domain/change.ts';
import { addedLines } from './conflict-markers.ts';

/**
 * Refuses added text in which the redactor sees a secret: line by line, and each file's added lines as a whole, since
 * a key may span several. The finding never repeats it.
 */
export function secrets(diff: string, redact: (text: string) => string): readonly Finding[] {
  const byFile = Map.groupBy(addedLines(diff), (line) => line.file);
  return [...byFile.values()].flatMap((lines) => {
    const whole = lines.map((line) => line.text).join('\n');
    const masked = redact(whole);
    if (masked === whole) return [];
    const hits = lines.filter((line) => redact(line.text) !== line.text);
    const [first] = lines;
    if (hits.length > 0) return hits.map((line) => finding(line, redact(line.text)));
    return first ? [finding(first, masked)] : [];
  });
}

function finding(line: { file: string; number: number }, masked: string): Finding {
  return {
    gate: 'secrets',
    severity: 'P0',
    file: line.file,
    line: line.number,
    message: `what looks like a secret in ${line.file}:${line.number} (${maskOf(masked)})`,
    hint: 'take the value out of the file and read it from the environment at run time',
  };
}

function maskOf(redacted: string): string {
  return /\[redacted[^\]]*\]/.exec(redacted)?.[0] ?? '[redacted]';
}
