import { digestOf } from '../fingerprint.ts';

/** What plain code reads in CLONE_FEATURES.md: what is still to do. */
export interface Backlog {
  readonly open: number;
  /** '' when nothing is open. */
  readonly digest: string;
}

/** The boxes that nobody has ticked, outside of fenced code. Their order does not matter. */
export function readBacklog(text: string | undefined): Backlog {
  const open: string[] = [];
  let fence: string | undefined;
  for (const line of (text ?? '').split(/\r\n|\n|\r/)) {
    const mark = /^\s{0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (mark !== undefined && fence === undefined) fence = mark;
    else if (mark !== undefined && fence !== undefined && mark.startsWith(fence)) fence = undefined;
    const item = fence === undefined ? /^\s*[-*+]\s+\[ ?\]\s+(\S.*)$/.exec(line)?.[1] : undefined;
    if (item !== undefined) open.push(item.trim());
  }
  return { open: open.length, digest: open.length === 0 ? '' : digestOf(open.toSorted()) };
}

/** What plain code reads in PROJECT_MEMORY.md: how long it is. */
export interface MemoryLength {
  readonly lines: number;
  readonly digest: string;
}

export function readMemoryLength(text: string | undefined): MemoryLength {
  if (text === undefined || text === '') return { lines: 0, digest: '' };
  const breaks = text.match(/\r\n|\n|\r/g)?.length ?? 0;
  return { lines: /[\r\n]$/.test(text) ? breaks : breaks + 1, digest: digestOf([text]) };
}
