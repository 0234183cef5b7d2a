import { isSeq, type YAMLSeq } from 'yaml';
import { colonEnd, contentEnd, contentStart, entryEnd, pairOf } from './node-places.ts';
import { membersOf, withoutMember } from './splice-flow.ts';
import type { ListPlace } from './splice-items.ts';
import type { Splices } from './splice-pairs.ts';
import { before, lineStart, nextLine, type Splice, withoutLines } from './splices.ts';

/** Takes an entry out, with its lines, the comments within it, and one of two gaps around it. */
export function removeItem(text: string, { document, key }: ListPlace, item: unknown): Splices {
  const pair = pairOf(document.contents, key);
  const list = pair?.value;
  if (!pair || !isSeq(list)) return undefined;
  const index = list.items.indexOf(item);
  if (list.flow) {
    const members = membersOf(text, list.items);
    return members?.length === 1 ? noMembers(text, list) : members && withoutMember(text, members, index);
  }
  const column = before(text, contentStart(list) ?? 0).length;
  const start = dashBefore(text, contentStart(item), column);
  const end = contentEnd(text, item);
  const colon = colonEnd(text, pair);
  if (start === undefined || end === undefined || colon === undefined) return undefined;
  const lines = withoutLines(text, start, entryEnd(text, end, column));
  if (list.items.length === 1) return [{ from: colon, to: colon, text: ' []' }, lines];
  return [withoutGap(text, lines, nextLine(text, colon))];
}

/** `[]`, unless a comment would go with the last entry. */
function noMembers(text: string, list: YAMLSeq): Splices {
  const [from, to] = list.range ?? [0, 0];
  const [item] = list.items;
  const start = contentStart(item);
  const end = contentEnd(text, item);
  if (start === undefined || end === undefined) return undefined;
  if (/[^\s,]/.test(text.slice(from + 1, start) + text.slice(end, to - 1))) return undefined;
  return [{ from: from + 1, to: to - 1, text: '' }];
}

/** The line of the dash of an entry. */
function dashBefore(text: string, start: number | undefined, column: number): number | undefined {
  for (let at = start; at !== undefined; at = lineStart(text, at) - 1) {
    const dash = lineStart(text, at) + column;
    if (
      text[dash] === '-' &&
      /^(\s|$)/.test(text.slice(dash + 1, dash + 2)) &&
      before(text, dash).trim() === ''
    )
      return dash;
    if (lineStart(text, at) <= 1) return undefined;
  }
  return undefined;
}

/** Where blank lines stand on both sides of what goes, or below the key of the list, those of one side go, too. */
function withoutGap(text: string, lines: Splice, top: number): Splice {
  const { from, to } = lines;
  const blank = /\n([ \t]*\r?\n)+$/.exec(text.slice(0, from));
  const below = /^([ \t]*\r?\n)+/.exec(text.slice(to))?.[0].length;
  if (below !== undefined && (blank || from === top)) return { ...lines, to: to + below };
  return blank && to === text.length ? { ...lines, from: blank.index + 1 } : lines;
}
