import { sanitise } from '../untrusted.ts';

/** Anybody's text as one clean line of at most `maxChars`; a cut ends with an ellipsis. */
export function oneLine(text: string, maxChars: number): string {
  const clean = sanitise(text.slice(0, 8 * maxChars), { maxChars: 8 * maxChars + 100 })
    .replace(/\s+/g, ' ')
    .trim();
  if (clean.length <= maxChars) return clean;
  return `${clean.slice(0, maxChars - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** The same for two texts that a person would call the same: case, marks and spaces aside. */
export function wordsOf(text: string): string {
  const plain = text
    .slice(0, 1000)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}+#]+/gu, ' ')
    .trim();
  return plain === '' ? text.trim() : plain;
}
