import { contentEnd, contentStart } from './node-places.ts';
import { before, lineBreak, lineEnd, lineStart, nextLine, type Splice } from './splices.ts';

/** A member of `[...]` or `{...}`: where its words stand. */
interface Member {
  readonly start: number;
  readonly end: number;
  /** Nothing else stands before it in its line. */
  readonly ownLine: boolean;
}

/** The members of brackets; undefined: one of them has no place in the text. */
export function membersOf(text: string, items: readonly unknown[]): readonly Member[] | undefined {
  const members: Member[] = [];
  for (const item of items) {
    const start = contentStart(item);
    const end = contentEnd(text, item);
    if (start === undefined || end === undefined) return undefined;
    members.push({ start, end, ownLine: before(text, start).trim() === '' });
  }
  return members;
}

/** Adds a member behind another, as its neighbours stand: on a line of its own, or on the same one. */
export function memberBehind(text: string, last: Member, words: string, comma: string): readonly Splice[] {
  const at = last.end;
  if (!last.ownLine) return [{ from: at, to: at, text: comma + words }];
  const own = lineBreak(text, at) + before(text, last.start) + words;
  const [, present, comment] = /^[ \t]*(,?)([ \t]*#)?/.exec(text.slice(at, lineEnd(text, at))) ?? [];
  if (comment === undefined) return [{ from: at, to: at, text: `,${own}` }];
  const end = lineEnd(text, at);
  if (present === ',') return [{ from: end, to: end, text: `${own},` }];
  return [{ from: at, to: end, text: `,${text.slice(at, end)}${own}` }];
}

/** Adds a member before the first one. */
export function memberBefore(text: string, first: Member, words: string, comma: string): readonly Splice[] {
  const gap = first.ownLine ? `,${lineBreak(text, first.start)}${before(text, first.start)}` : comma;
  return [{ from: first.start, to: first.start, text: words + gap }];
}

/** Takes a member out, with one comma and its own lines; undefined: it is the only one. */
export function withoutMember(
  text: string,
  members: readonly Member[],
  index: number,
): readonly Splice[] | undefined {
  const member = members[index];
  const previous = members[index - 1];
  const next = members[index + 1];
  if (!member || (!previous && !next)) return undefined;
  const comma = /^\s*,/.exec(text.slice(member.end))?.[0].length;
  const end = member.end + (comma ?? 0);
  const restIsComment = /^[ \t]*(#.*)?\r?$/.test(text.slice(end, lineEnd(text, end)));
  const wholeLines = { from: lineStart(text, member.start), to: nextLine(text, end), text: '' };
  if (comma !== undefined && member.ownLine && restIsComment) return [wholeLines];
  if (next) {
    if (comma === undefined) return undefined;
    const rest = text.slice(end, next.start);
    // A comment stays, and the room before it.
    return [{ from: member.start, to: rest.includes('#') ? end : next.start, text: '' }];
  }
  if (!previous) return undefined;
  // What is written between the two may be a comment on the one that stays; a comma at the end is fine then.
  if (text.slice(previous.end, member.start).includes('#'))
    return member.ownLine && restIsComment ? [wholeLines] : [{ from: member.start, to: end, text: '' }];
  const stays = comma === undefined ? previous.end : text.indexOf(',', previous.end) + 1;
  return [{ from: stays, to: member.ownLine && restIsComment ? lineEnd(text, end) : end, text: '' }];
}
