import { isAlias, isCollection, isScalar, type Pair, type YAMLMap } from 'yaml';
import { colonEnd, contentEnd, contentStart, pairOf } from './node-places.ts';
import { memberBefore, memberBehind, membersOf, withoutMember } from './splice-flow.ts';
import { before, lineBreak, lineEnd, lineStart, type Splice, withoutLines } from './splices.ts';
import { blockManner, type Manner, pairText, quoteOf, valueText } from './value-text.ts';

/** Splices; undefined: only a parser can write that. */
export type Splices = readonly Splice[] | undefined;

/** Gives a key of a map another value. A new key stands behind all others, or before the one that is named. */
export function setPair(
  text: string,
  map: YAMLMap,
  { key, value, ahead, json }: { key: string; value: unknown; ahead?: string | undefined; json: boolean },
): Splices {
  const pair = pairOf(map, key);
  if (pair) return otherValue(text, pair, value, mannerOf(text, map, json));
  const words = pairText(key, value, mannerOf(text, map, json));
  const found =
    ahead === undefined ? -1 : map.items.findIndex(({ key: one }) => isScalar(one) && one.value === ahead);
  const behind = found < 0 ? map.items.length - 1 : found - 1;
  return map.flow
    ? newMember(text, map, { words, behind, manner: mannerOf(text, map, json) })
    : newLines(text, map, { words, behind });
}

/** Takes a key of a map out, with the lines that are its own. */
export function unsetPair(text: string, map: YAMLMap, key: string): Splices {
  const pair = pairOf(map, key);
  if (!pair) return [];
  const index = map.items.indexOf(pair);
  if (map.flow) {
    const members = membersOf(text, map.items);
    return members && withoutMember(text, members, index);
  }
  const start = contentStart(pair);
  const end = contentEnd(text, pair);
  const next = contentStart(map.items[index + 1]);
  if (start === undefined || end === undefined || map.items.length === 1) return undefined;
  const lead = before(text, start);
  if (lead.trim() === '') return [withoutLines(text, start, end)];
  if (!/^[ \t]*-[ \t]+$/.test(lead) || next === undefined) return undefined;
  // The dash stays, and the next key comes up to it, unless a comment stands between.
  const stop = lineEnd(text, end);
  if (text.slice(stop, next).includes('#'))
    return [{ from: start - (/[ \t]*$/.exec(lead)?.[0].length ?? 0), to: stop, text: '' }];
  return [{ from: start, to: next, text: '' }];
}

/** How the keys of a map are written, read off its last pair. */
export function mannerOf(text: string, map: YAMLMap | undefined, json: boolean): Manner {
  const pairs = map?.items ?? [];
  const last = pairs.at(-1);
  const flow = json || map?.flow === true;
  const start = contentStart(last);
  const colon = last && colonEnd(text, last);
  const value = contentStart(last?.value);
  if (!last || start === undefined || colon === undefined || value === undefined)
    return { ...blockManner, json, flow, keys: json ? '"' : '' };
  const quoted = quoteOf(text.slice(start, start + 1));
  const tight = flow && quoted === '"' && value === colon;
  const previous = contentEnd(text, pairs.at(-2));
  const between = previous === undefined ? undefined : text.slice(previous, start);
  const comma = between !== undefined && /^,[ \t]*$/.test(between) ? between : tight ? ',' : ', ';
  return {
    json,
    flow,
    keys: quoted,
    // One pair tells little of how values are written: quoted keys in brackets are a habit from JSON.
    values: flow && quoted === '"' ? '"' : '',
    colon: tight ? ':' : ': ',
    comma,
  };
}

function otherValue(text: string, pair: Pair, value: unknown, manner: Manner): Splices {
  const { value: present } = pair;
  if (isScalar(present) && present.value === value) return [];
  const colon = colonEnd(text, pair);
  const start = contentStart(present);
  const end = contentEnd(text, present);
  if (typeof value === 'object' && value !== null) return undefined;
  if (colon === undefined || start === undefined || end === undefined) return undefined;
  if (isCollection(present) && !present.flow)
    return [{ from: colon, to: end, text: ` ${valueText(value, manner)}` }];
  if (!isScalar(present) && !isAlias(present) && !isCollection(present)) return undefined;
  if (start === end) {
    const at = text.slice(colon, start).trim() === '' ? colon : start;
    return [{ from: at, to: at, text: ` ${valueText(value, manner)}` }];
  }
  const quote = isScalar(present) && typeof present.value === 'string' ? quoteOf(text[start] ?? '') : '';
  const words = valueText(value, { ...manner, values: quote === '' ? manner.values : quote });
  const isBlock = isScalar(present) && present.type?.startsWith('BLOCK') === true;
  const comment = isBlock ? (/[ \t]+#.*$/.exec(text.slice(start, lineEnd(text, start)))?.[0] ?? '') : '';
  return [{ from: start, to: end, text: words + comment }];
}

function newMember(
  text: string,
  map: YAMLMap,
  { words, behind, manner }: { words: string; behind: number; manner: Manner },
): Splices {
  const members = membersOf(text, map.items);
  const last = members?.[behind];
  if (last) return memberBehind(text, last, words, manner.comma);
  const first = members?.[0];
  return first && memberBefore(text, first, words, manner.comma);
}

function newLines(text: string, map: YAMLMap, { words, behind }: { words: string; behind: number }): Splices {
  const first = contentStart(map.items[0]);
  if (first === undefined) return undefined;
  const indent = ' '.repeat(before(text, first).length);
  const lines = words.split('\n');
  if (behind < 0) {
    if (before(text, first).trim() !== '') return undefined;
    const at = lineStart(text, first);
    const end = lineBreak(text, first);
    return [{ from: at, to: at, text: lines.map((line) => indent + line + end).join('') }];
  }
  const end = contentEnd(text, map.items[behind]);
  if (end === undefined) return undefined;
  const at = lineEnd(text, end);
  return [{ from: at, to: at, text: lines.map((line) => lineBreak(text, at) + indent + line).join('') }];
}
