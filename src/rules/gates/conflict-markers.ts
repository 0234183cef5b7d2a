import type { Finding } from '../../domain/change.ts';

const marker = /^\+(<{7} |>{7} |\|{7} )/;

/** Refuses added lines that are what a half-done merge leaves behind. */
export function conflictMarkers(diff: string): readonly Finding[] {
  return addedLines(diff)
    .filter((line) => marker.test(`+${line.text}`))
    .map((line) => ({
      gate: 'conflict-markers',
      severity: 'P0',
      file: line.file,
      line: line.number,
      message: `a merge conflict marker in ${line.file}:${line.number}`,
      hint: 'resolve the conflict and remove the markers',
    }));
}

/** The lines a unified diff adds, with the file and line they stand at. */
export function addedLines(diff: string): readonly { file: string; number: number; text: string }[] {
  const added: { file: string; number: number; text: string }[] = [];
  let file = '';
  let number = 0;
  let inHunk = false;
  for (const line of diff.split('\n')) {
    if (line.startsWith('diff --git ')) {
      inHunk = false;
    } else if (!inHunk && line.startsWith('+++ ')) {
      file = line.slice(4).replace(/^b\//, '').replace(/\t$/, '');
    } else if (line.startsWith('@@')) {
      number = Number(/\+(\d+)/.exec(line)?.[1] ?? 1);
      inHunk = true;
    } else if (inHunk && line.startsWith('+')) {
      added.push({ file, number, text: line.slice(1) });
      number += 1;
    } else if (inHunk && !line.startsWith('-') && !line.startsWith('\\')) {
      number += 1;
    }
  }
  return added;
}
