import { type Document, isMap, isScalar, isSeq, type YAMLMap, type YAMLSeq } from 'yaml';
import { colonEnd, contentEnd, contentStart, entryEnd, isNothing, pairOf } from './node-places.ts';
import { memberBehind, membersOf } from './splice-flow.ts';
import { mannerOf, type Splices, setPair } from './splice-pairs.ts';
import { before, lineBreak, lineEnd } from './splices.ts';
import { blockManner, type Manner, pairText } from './value-text.ts';

/** Where a list is, and in what kind of text. */
export interface ListPlace {
  readonly document: Document;
  /** The key of the list. */
  readonly key: string;
  readonly json: boolean;
}

type Values = Readonly<Record<string, unknown>>;

/** Adds an entry below the last one, as that one is written. */
export function addItem(text: string, { document, key, json }: ListPlace, values: Values): Splices {
  const root = document.contents;
  const pair = pairOf(root, key);
  const list = pair?.value;
  if (isSeq(list) && list.items.length > 0)
    return list.flow ? addToFlow(text, list, values, json) : addToBlock(text, list, values);
  const lines = itemLines(values, '  ');
  if (pair === undefined) return json ? undefined : addHead(text, root, [`${key}:`, ...lines]);
  const colon = colonEnd(text, pair);
  const end = contentEnd(text, list);
  if (colon === undefined || end === undefined || !(isSeq(list) || isNothing(list))) return undefined;
  // Comments between the brackets, and an anchor, are for the parser.
  const nothing = text.slice(colon, end);
  if (!/^\s*(\[\s*\]|~|null)?$/i.test(nothing)) return undefined;
  if (isMap(root) && (json || root.flow)) {
    const lead = before(text, contentStart(pair) ?? 0);
    const words = firstInFlow(values, {
      lead,
      manner: mannerOf(text, root, json),
      lines: lineBreak(text, end),
    });
    return [{ from: colon, to: end, text: (/^\s*/.exec(nothing)?.[0] ?? '') + words }];
  }
  const at = lineEnd(text, end);
  const added = lines.map((line) => lineBreak(text, at) + line).join('');
  const gone = nothing.trim() === '' ? [] : [{ from: colon, to: end, text: '' }];
  return [...gone, { from: at, to: at, text: added }];
}

/** Gives a key of the head a value: in front of the list, where people look for it. */
export function setHead(
  text: string,
  { document, key: list, json }: ListPlace,
  { key, value }: { key: string; value: unknown },
): Splices {
  const root = document.contents;
  if (isMap(root) && root.items.length > 0) return setPair(text, root, { key, value, ahead: list, json });
  return addHead(text, root, pairText(key, value, blockManner).split('\n'));
}

function addToBlock(text: string, list: YAMLSeq, values: Values): Splices {
  const start = contentStart(list);
  const end = contentEnd(text, list);
  if (start === undefined || end === undefined || before(text, start).trim() !== '') return undefined;
  const indent = before(text, start);
  const at = lineEnd(text, entryEnd(text, end, indent.length));
  const lines = itemLines(values, indent).map((line) => lineBreak(text, at) + line);
  return [{ from: at, to: at, text: lines.join('') }];
}

function addToFlow(text: string, list: YAMLSeq, values: Values, json: boolean): Splices {
  const members = membersOf(text, list.items);
  const last = members?.at(-1);
  const item = list.items.at(-1);
  if (!members || !last) return undefined;
  const model = isMap(item) && item.flow ? item : undefined;
  const manner = { ...mannerOf(text, model, json), flow: true };
  const previous = members.at(-2);
  const between = previous ? text.slice(previous.end, last.start) : '';
  const comma = /^,[ \t]*$/.test(between) ? between : manner.comma;
  const words = model ? likeModel(text, model, values, manner) : plainFlow(values, manner);
  return memberBehind(text, last, words, comma);
}

/** A list with its first entry: JSON on lines of its own if its key stands so, and else on one. */
function firstInFlow(
  values: Values,
  { lead, manner, lines }: { readonly lead: string; readonly manner: Manner; readonly lines: string },
): string {
  if (!manner.json || lead === '' || lead.trim() !== '') return `[${plainFlow(values, manner)}]`;
  return JSON.stringify([values], undefined, lead).replaceAll('\n', lines + lead);
}

function plainFlow(values: Values, manner: Manner): string {
  return `{${pairsOf(values, manner).join(manner.comma)}}`;
}

/** An entry in brackets: as many lines, and as much room between them, as in the model. */
function likeModel(text: string, model: YAMLMap, values: Values, manner: Manner): string {
  const open = model.range?.[0];
  const close = model.range?.[1];
  const first = contentStart(model.items[0]);
  if (open === undefined || close === undefined || first === undefined) return plainFlow(values, manner);
  const pairs = pairsOf(values, manner);
  const gap = text.slice(open + 1, first);
  if (!gap.includes('\n')) {
    const room = gap.trim() === '' ? gap : '';
    return `{${room}${pairs.join(manner.comma)}${room}}`;
  }
  const end = lineBreak(text, open);
  const inner = end + before(text, first).replaceAll(/\S/g, ' ');
  const outer = before(text, close - 1);
  const closing = outer.trim() === '' ? end + outer : '';
  return `{${inner}${pairs.join(`,${inner}`)}${closing}}`;
}

function pairsOf(values: Values, manner: Manner): readonly string[] {
  return Object.entries(values).map(([key, value]) => pairText(key, value, manner));
}

function itemLines(values: Values, indent: string): readonly string[] {
  return pairsOf(values, blockManner)
    .flatMap((words) => words.split('\n'))
    .map((line, index) => `${indent}${index === 0 ? '- ' : '  '}${line}`);
}

/** Adds lines to the head: below its last pair, or below the comments of a file that has none. */
function addHead(text: string, root: unknown, lines: readonly string[]): Splices {
  if (isMap(root) && (root.flow || root.items.length === 0)) return undefined;
  if (!isMap(root) && !(isScalar(root) && root.source === '') && root !== null) return undefined;
  const end = isMap(root) ? contentEnd(text, root) : text.length;
  if (end === undefined) return undefined;
  const at = lineEnd(text, end);
  const needsBreak = isMap(root) || (text !== '' && !text.endsWith('\n'));
  const broken = lineBreak(text, at);
  const words = lines.map((line) => (needsBreak ? broken + line : line + broken)).join('');
  return [{ from: at, to: at, text: words }];
}
