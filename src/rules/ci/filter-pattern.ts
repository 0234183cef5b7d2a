/** One piece of a pattern: which characters it takes, and how often. */
interface Piece {
  takes(character: string): boolean;
  readonly optional: boolean;
  readonly repeats: boolean;
  /** So many pieces from here on may be left out together. */
  readonly skips: number;
}

const longestPattern = 256;

/** A filter of `on.push`, ready to be asked; undefined: GitHub would not take it. */
export type FilterPattern = (name: string) => boolean;

/**
 * Reads a branch or path filter as GitHub writes them: `*` stops at a slash, `**` does not, `?` and `+` speak about
 * the character before them, `[a-z]` is a set. The asking is linear in the name, whatever the pattern.
 */
export function filterPattern(pattern: string): FilterPattern | undefined {
  if (pattern === '' || pattern.length > longestPattern) return undefined;
  const pieces = readPieces(pattern);
  return pieces && ((name) => accepts(pieces, name));
}

/** Whether a list of filters lets a name in: the last one that matches decides. Undefined: GitHub would not take it. */
export function filterList(patterns: readonly string[]): FilterPattern | undefined {
  const filters: { refuses: boolean; matches: FilterPattern }[] = [];
  for (const pattern of patterns) {
    const refuses = pattern.startsWith('!');
    const matches = filterPattern(refuses ? pattern.slice(1) : pattern);
    if (!matches) return undefined;
    filters.push({ refuses, matches });
  }
  return (name) => {
    const last = filters.findLast(({ matches }) => matches(name));
    return last !== undefined && !last.refuses;
  };
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
  let places = new Uint8Array(pieces.length + 1);
  let next = new Uint8Array(pieces.length + 1);
  places[0] = 1;
  for (let at = 0; at < name.length; at += 1) {
    if (!step(pieces, { places, next, character: name.charAt(at) })) return false;
    [places, next] = [next, places];
    next.fill(0);
  }
  skip(pieces, places);
  return places[pieces.length] === 1;
}

/** Takes one character at every place; false: no reading goes on. */
function step(
  pieces: readonly Piece[],
  { places, next, character }: { places: Uint8Array; next: Uint8Array; character: string },
): boolean {
  skip(pieces, places);
  let any = false;
  for (const [place, piece] of pieces.entries()) {
    if (places[place] === 0 || !piece.takes(character)) continue;
    any = true;
    next[place + 1] = 1;
    if (piece.repeats) next[place] = 1;
  }
  return any;
}

/** What may be left out is: it only ever leads further on, so one pass does. */
function skip(pieces: readonly Piece[], places: Uint8Array): void {
  for (const [place, piece] of pieces.entries()) {
    if (places[place] === 0) continue;
    if (piece.optional) places[place + 1] = 1;
    if (piece.skips > 0) places[place + piece.skips] = 1;
  }
}
