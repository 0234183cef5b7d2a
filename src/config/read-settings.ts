import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';

import { checkValue } from './check-value.ts';
import { isOptionName, specOf } from './option-groups.ts';
import { whyNotHere } from './option-places.ts';
import type { OptionName, OptionScope } from './options.ts';

/** Option values, by name; an option that is not named has no value here. */
export type OptionValues = Readonly<Partial<Record<OptionName, unknown>>>;

/** What is wrong with a settings file, and where. */
export interface TextProblem {
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly message: string;
  readonly hint: string;
}

export interface ReadSettings {
  /** The options that are right. */
  readonly values: OptionValues;
  readonly problems: readonly TextProblem[];
}

/** Reads the text of `clone.yaml` (`home`: every option) or of an in-repo `.clone.yaml` (`repo`). */
export function readSettings(text: string, scope: OptionScope): ReadSettings {
  try {
    return readDocument(text, scope);
  } catch (error) {
    // What is nested without end, or multiplies itself through aliases, is given up by the parser that way.
    if (!(error instanceof RangeError || error instanceof ReferenceError)) throw error;
    const problem = { message: error.message, hint: 'the file is not one that a person would write' };
    return { values: {}, problems: [{ line: undefined, column: undefined, ...problem }] };
  }
}

function readDocument(text: string, scope: OptionScope): ReadSettings {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, strict: true });
  const place = (offset: number | undefined): Pick<TextProblem, 'line' | 'column'> => {
    if (offset === undefined) return { line: undefined, column: undefined };
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };

  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => ({
      ...place(error.pos[0]),
      message: error.code === 'MULTIPLE_DOCS' ? 'a second document begins here' : error.message,
      hint:
        error.code === 'MULTIPLE_DOCS'
          ? 'take out the line `---`; nothing of the file was used'
          : 'the file is not valid YAML; nothing of it was used',
    }));
    return { values: {}, problems };
  }
  if (document.contents === null || (isScalar(document.contents) && document.contents.value === null))
    return { values: {}, problems: [] };
  if (!isMap(document.contents)) {
    const problem = {
      message: 'must hold `option: value` lines',
      hint: 'clone config schema tells them all',
    };
    return { values: {}, problems: [{ ...place(document.contents.range[0]), ...problem }] };
  }

  const values: Partial<Record<OptionName, unknown>> = {};
  const problems: TextProblem[] = [];
  for (const { key, value } of document.contents.items) {
    const name = isScalar(key) ? String(key.value) : String(key);
    const keyPlace = place(isScalar(key) ? key.range[0] : undefined);
    const misplaced = whyNotHere(name, scope);
    if (misplaced) {
      problems.push({ ...keyPlace, ...misplaced });
      continue;
    }
    if (!isOptionName(name)) continue;
    const checked = checkValue(specOf(name), plainValue(value, document));
    if (checked.ok) {
      values[name] = checked.value;
      continue;
    }
    const node = document.getIn([name, ...checked.failure.at], true);
    problems.push({
      ...(hasRange(node) ? place(node.range[0]) : keyPlace),
      message: `${name} ${checked.failure.message}`,
      hint: checked.failure.hint || `for example: ${name}: ${exampleOf(name)}`,
    });
  }
  return { values, problems };
}

function plainValue(node: unknown, document: ReturnType<typeof parseDocument>): unknown {
  if (typeof node !== 'object' || node === null || !('toJS' in node)) return node;
  return (node as { toJS(document: unknown, options: object): unknown }).toJS(document, {
    maxAliasCount: 100,
  });
}

function hasRange(node: unknown): node is { range: readonly [number, number, number] } {
  return typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range);
}

function exampleOf(name: OptionName): string {
  const value = specOf(name).default;
  return JSON.stringify(value);
}
