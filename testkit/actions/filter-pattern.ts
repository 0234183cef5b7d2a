/** Whether a list of branch, tag or path filters lets a name in: the last pattern that matches decides. */
export function letsIn(patterns: readonly string[], name: string): boolean {
  let inside = false;
  for (const pattern of patterns) {
    const refuses = pattern.startsWith('!');
    if (inside === refuses && toRegExp(refuses ? pattern.slice(1) : pattern).test(name)) inside = !refuses;
  }
  return inside;
}

/** Whether GitHub would take it as a filter; a range such as [z-a] it would not. */
export function isFilterPattern(pattern: string): boolean {
  try {
    toRegExp(pattern);
    return pattern !== '' && pattern !== '!';
  } catch {
    return false;
  }
}

function toRegExp(pattern: string): RegExp {
  let source = '';
  let rest = pattern;
  while (rest !== '') {
    const [piece, length] = nextPiece(rest, source);
    source += piece;
    rest = rest.slice(length);
  }
  return new RegExp(`^${source}$`, 's');
}

/** `?` and `+` speak about the character before them, unlike in a shell. */
function nextPiece(rest: string, before: string): [piece: string, length: number] {
  const atSegmentStart = before === '' || before.endsWith('/') || before.endsWith('/)?');
  if (rest.startsWith('**/') && atSegmentStart) return ['(?:.*/)?', 3];
  if (rest.startsWith('**')) return ['(?:.*)', 2];
  if (rest.startsWith('*')) return ['(?:[^/]*)', 1];
  if ((rest.startsWith('?') || rest.startsWith('+')) && before !== '' && !/[?+]$/.test(before)) {
    return [rest[0] ?? '', 1];
  }
  const set = /^\[([A-Za-z0-9-]+)\]/.exec(rest);
  if (set) return [set[0], set[0].length];
  const character = rest.startsWith('\\') && rest.length > 1 ? rest.slice(1, 2) : rest.slice(0, 1);
  return [character.replace(/[\\^$.*+?()[\]{}|]/, '\\$&'), rest.startsWith('\\') && rest.length > 1 ? 2 : 1];
}
