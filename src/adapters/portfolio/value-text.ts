import { stringify } from 'yaml';
import { flatText } from '../../domain/flat-yaml.ts';

/** How the words around a value are written. */
export interface Manner {
  readonly json: boolean;
  /** Between brackets, where commas and brackets mean something. */
  readonly flow: boolean;
  /** The quotes of keys there. */
  readonly keys: Quote;
  /** The quotes of values there. */
  readonly values: Quote;
  /** Between key and value. */
  readonly colon: string;
  /** Between two members on one line. */
  readonly comma: string;
}

type Quote = '"' | "'" | '';

/** How most people write a block of pairs. */
export const blockManner: Manner = {
  json: false,
  flow: false,
  keys: '',
  values: '',
  colon: ': ',
  comma: ', ',
};

/** The quotes that a scalar stands in. */
export function quoteOf(source: string): Quote {
  return source.startsWith('"') ? '"' : source.startsWith("'") ? "'" : '';
}

/** `key: value` in the manner of its neighbours; of more than one line only where blocks are written. */
export function pairText(key: string, value: unknown, manner: Manner): string {
  if (!isCollection(value) || manner.flow)
    return scalarText(key, manner, manner.keys) + manner.colon + valueText(value, manner);
  return stringify({ [key]: value }, { lineWidth: 0 }).trimEnd();
}

/** A value on one line, so that it is read back as it is. */
export function valueText(value: unknown, manner: Manner): string {
  if (!isCollection(value)) return scalarText(value, manner, manner.values);
  if (Array.isArray(value))
    return `[${value.map((item) => valueText(item, { ...manner, flow: true })).join(manner.comma)}]`;
  const flow = { ...manner, flow: true };
  return `{${Object.entries(value)
    .map(([key, item]) => pairText(key, item, flow))
    .join(manner.comma)}}`;
}

function isCollection(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function scalarText(value: unknown, { json, flow }: Manner, quote: Quote): string {
  if (json) return JSON.stringify(value);
  if (typeof value !== 'string') return String(value);
  if (quote === "'" && !unprintable.test(value)) return `'${value.replaceAll("'", "''")}'`;
  const plain = quote === '' ? flatText(value) : undefined;
  if (plain === undefined || (flow && plain === value && /[,[\]{}]/.test(plain))) return inQuotes(value);
  return plain;
}

/** Control characters, and what nobody sees. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

function inQuotes(value: string): string {
  return JSON.stringify(value).replace(new RegExp(unprintable, 'gu'), (character) =>
    character.length > 1 ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
