import type { FileChange } from '../../domain/change.ts';

const mostNamed = 100;
const longestName = 300;

/**
 * A diff within a budget: whole files in their order, as long as they fit. What does not fit is named with its size, so
 * that the reader knows what to look up.
 */
export function boundDiff(
  diff: string,
  files: readonly FileChange[],
  maxChars: number,
): { readonly text: string; readonly leftOut: readonly string[] } {
  // Lines of files begin with a mark of their own, so this one is always git's.
  const sections = diff.split(/^(?=diff --git )/m).filter((section) => section.startsWith('diff --git '));
  const isWhole = sections.length === files.length;
  const kept: string[] = [];
  const leftOut: string[] = [];
  let room = maxChars;
  for (const [index, section] of sections.entries()) {
    // What git had to cut is cut in its last file.
    const isCut = !isWhole && index === sections.length - 1;
    if (!isCut && section.length <= room) {
      kept.push(section.trimEnd());
      room -= section.length;
    } else leftOut.push(nameOf(files[index], section));
  }
  for (const file of files.slice(sections.length)) leftOut.push(nameOf(file, ''));
  const named = leftOut.slice(0, mostNamed);
  const more = leftOut.length - named.length;
  const notes = [
    ...named.map((name) => `[left out for its size: ${name}]`),
    ...(more > 0 ? [`[left out for its size: ${more} more files]`] : []),
  ];
  return { text: [...kept, ...notes].join('\n'), leftOut };
}

function nameOf(file: FileChange | undefined, section: string): string {
  if (!file) return (section.split('\n')[0] ?? '').slice('diff --git '.length).slice(0, longestName);
  const path = JSON.stringify(file.path).slice(1, -1).slice(0, longestName);
  if (file.added === undefined || file.deleted === undefined) return `${path} (binary)`;
  return `${path} (+${file.added} -${file.deleted})`;
}
