/** One piece of a pattern: which characters it takes, and how often. */
interface Piece {
  takes(character: string): boolean;
  readonly optional: boolean;
  readonly repeats: boolean;
  /** So many pieces from here on may be left out together. */
  readonly skips: number;
}

/** A filter of `on.push`, ready to be asked; undefined: GitHub would not take it. */
export type FilterPattern = (name: string) => boolean;

/**
 * Reads a branch or path filter as GitHub writes them: `*` stops at a slash, `**` does not, `?` and `+` speak about
 * the character before them, `[a-z]` is a set. The asking is linear in the name, whatever the pattern.
 */
export function filterPattern(pattern: string): FilterPattern | undefined {
  if (pattern === '' || pattern.length > 1000) return undefined;
  const pieces = readPieces(pattern);
  return pieces && ((name) => accepts(pieces, name));
}

/** Whether a list of filters lets a name in: the last one that matches decides. Undefined: one is not valid. */
export function letsIn(patterns: readonly string[], name: string): boolean | undefined {
  let inside = false;
  for (const pattern of patterns) {
    const refuses = pattern.startsWith('!');
    const matches = filterPattern(refuses ? pattern.slice(1) : pattern);
    if (!matches) return undefined;
    if (inside === refuses && matches(name)) inside = !refuses;
  }
  return inside;
}

function readPieces(pattern: string): Piece[] | undefined {
  const pieces: Piece[] = [];
  let at = 0;
  while (at < pattern.length) {
    const rest = pattern.slice(at);
    const last = pieces.at(-1);
    const segmentStart = at === 0 || pattern[at - 1] === '/';
    const set = /^\[([A-Za-z0-9-]+)\]/.exec(rest);
    if (rest.startsWith('**/') && segmentStart) {
      pieces.push(
        maybe(3),
        star(() => true),
        one((character) => character === '/'),
      );
      at += 3;
    } else if (rest.startsWith('**')) {
      pieces.push(star(() => true));
      at += 2;
    } else if (rest.startsWith('*')) {
      pieces.push(star((character) => character !== '/'));
      at += 1;
    } else if (/^[?+]/.test(rest) && last && !last.optional && !last.repeats) {
      pieces[pieces.length - 1] = { ...last, optional: rest.startsWith('?'), repeats: rest.startsWith('+') };
      at += 1;
    } else if (set) {
      const takes = readSet(set[1] ?? '');
      if (!takes) return undefined;
      pieces.push(one(takes));
      at += set[0].length;
    } else {
      const escaped = rest.startsWith('\\') && rest.length > 1;
      const literal = rest[escaped ? 1 : 0];
      pieces.push(one((character) => character === literal));
      at += escaped ? 2 : 1;
    }
  }
  return pieces;
}

function one(takes: (character: string) => boolean): Piece {
  return { takes, optional: false, repeats: false, skips: 0 };
}

function star(takes: (character: string) => boolean): Piece {
  return { takes, optional: true, repeats: true, skips: 0 };
}

/** Takes nothing itself, and lets so many pieces be left out, itself among them. */
function maybe(skips: number): Piece {
  return { takes: () => false, optional: true, repeats: false, skips };
}

function readSet(inside: string): ((character: string) => boolean) | undefined {
  const ranges: [from: string, to: string][] = [];
  for (let at = 0; at < inside.length; at += 1) {
    const from = inside[at] ?? '';
    const to = inside[at + 1] === '-' ? inside[at + 2] : undefined;
    if (to !== undefined) at += 2;
    if (to !== undefined && to < from) return undefined;
    ranges.push([from, to ?? from]);
  }
  return (character) => ranges.some(([from, to]) => from <= character && character <= to);
}

/** Walks all readings of the pattern at once; place `i` means that everything before piece `i` is done. */
function accepts(pieces: readonly Piece[], name: string): boolean {
  let places = withSkips(pieces, new Set([0]));
  for (let at = 0; at < name.length; at += 1) {
    const character = name[at] ?? '';
    const next = new Set<number>();
    for (const place of places) {
      const piece = pieces[place];
      if (!piece?.takes(character)) continue;
      next.add(place + 1);
      if (piece.repeats) next.add(place);
    }
    if (next.size === 0) return false;
    places = withSkips(pieces, next);
  }
  return places.has(pieces.length);
}

/** A set grows while it is walked, and the walk reaches what was added. */
function withSkips(pieces: readonly Piece[], places: Set<number>): Set<number> {
  for (const place of places) {
    const piece = pieces[place];
    if (piece?.optional) places.add(place + 1);
    if (piece?.skips) places.add(place + piece.skips);
  }
  return places;
}
