import type { Halves, Trust } from '../../domain/memory.ts';

/** A line for a prompt, made only when there may be room for it. */
export interface Line {
  readonly trust: Trust;
  text(): string;
}

/** After so many lines in a row that did not fit, nobody asks for the next. */
const mostMisses = 20;

/** Whole lines, in their order, apart by trust; both halves together are at most `maxChars` long. */
export function fillHalves(
  maxChars: number,
  heaps: readonly { readonly lines: readonly Line[]; readonly upTo: number }[],
): Halves {
  const halves: Record<Trust, string[]> = { trusted: [], untrusted: [] };
  let used = 0;
  for (const { lines, upTo } of heaps) {
    let misses = 0;
    for (const line of lines) {
      if (misses >= mostMisses) break;
      const text = line.text();
      if (text === '') continue;
      if (used + text.length + 1 > Math.min(upTo, maxChars)) {
        misses += 1;
        continue;
      }
      misses = 0;
      used += text.length + 1;
      halves[line.trust].push(text);
    }
  }
  return { trusted: halves.trusted.join('\n'), untrusted: halves.untrusted.join('\n') };
}
