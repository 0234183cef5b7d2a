import { failed, type Result } from '../domain/result.ts';
import { checkValue, type ValueProblem } from './check-value.ts';
import type { OptionSpec } from './options.ts';

const yes = ['1', 'true', 'yes', 'on'];
const no = ['0', 'false', 'no', 'off'];

/** A value written as one word, as flags and environment variables carry it. */
export function parseText(spec: OptionSpec, text: string): Result<unknown, ValueProblem> {
  switch (spec.type.kind) {
    case 'boolean': {
      const word = text.trim().toLowerCase();
      if (yes.includes(word)) return checkValue(spec, true);
      if (no.includes(word)) return checkValue(spec, false);
      return failed({ message: `must be 1 or 0, not ${JSON.stringify(text)}`, hint: '', at: [] });
    }
    case 'integer':
    case 'number':
      return checkValue(spec, /^\s*[-+]?(\d+\.?\d*|\.\d+)\s*$/.test(text) ? Number(text) : text);
    case 'string':
    case 'choice':
      return checkValue(spec, text);
    case 'strings':
      return checkValue(spec, text.trimStart().startsWith('[') ? fromJson(text) : fromCommas(text));
    case 'checks':
      return checkValue(spec, fromJson(text));
  }
}

function fromCommas(text: string): readonly string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
