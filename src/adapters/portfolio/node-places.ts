import { isAlias, isCollection, isMap, isNode, isPair, isScalar, type Pair } from 'yaml';
import { lineEnd, nextLine } from './splices.ts';

/** Where the words of a node, or of a pair, end: without comments and the line ends behind. */
export function contentEnd(text: string, node: unknown): number | undefined {
  if (isPair(node)) return contentEnd(text, node.value) ?? contentEnd(text, node.key);
  if (!isNode(node) || !node.range) return undefined;
  const end = node.range[1];
  if (isCollection(node) && !node.flow)
    return node.items.length === 0 ? undefined : contentEnd(text, node.items.at(-1));
  if (!isScalar(node) || !node.type?.startsWith('BLOCK') || text[end - 1] !== '\n') return end;
  return text[end - 2] === '\r' ? end - 2 : end - 1;
}

/** Where the words of a node, or of a pair, start: behind an anchor or a tag. */
export function contentStart(node: unknown): number | undefined {
  if (isPair(node)) return contentStart(node.key);
  return isNode(node) ? node.range?.[0] : undefined;
}

/** Behind the colon of a pair; undefined: the pair is written in an unusual way. */
export function colonEnd(text: string, pair: Pair): number | undefined {
  if (!isScalar(pair.key) || !pair.key.range) return undefined;
  const [, end] = pair.key.range;
  const colon = /^[ \t]*:/.exec(text.slice(end, end + 100));
  return colon ? end + colon[0].length : undefined;
}

/** The pair of that key which stands in the map itself. */
export function pairOf(map: unknown, key: string): Pair | undefined {
  if (!isMap(map)) return undefined;
  return map.items.find((pair) => isScalar(pair.key) && pair.key.value === key);
}

/** True for nothing at all, and for a key with nothing behind it. */
export function isNothing(node: unknown): boolean {
  return node === undefined || node === null || (isScalar(node) && !isAlias(node) && node.value === null);
}

/** Behind the comments that are indented like the keys of an entry, and follow on it. */
export function entryEnd(text: string, end: number, column: number): number {
  let last = end;
  for (;;) {
    const next = nextLine(text, last);
    const comment = /^( *)#/.exec(text.slice(next, lineEnd(text, next)));
    if (next >= text.length || (comment?.[1]?.length ?? 0) <= column) return last;
    last = next;
  }
}
