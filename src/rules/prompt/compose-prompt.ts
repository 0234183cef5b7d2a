import { readTemplate, type TemplatePiece } from '../render-template.ts';
import { cutTo, fenced, sanitise } from '../untrusted.ts';
import type { Part, Segment } from './segment.ts';
import { isVariable, type VariableName, variables } from './variables.ts';

/** The values of a template, by variable. */
export type PromptValues = Readonly<Partial<Record<VariableName, string | readonly Part[]>>>;

export interface Template {
  readonly name: string;
  readonly text: string;
  readonly source: string;
}

/**
 * A prompt as segments in the order of its template. What strangers wrote stands between fences; each value is held
 * to its budget and never looked at again; a line that had only an empty variable goes.
 */
export function composePrompt(
  template: Template,
  values: PromptValues,
  nonce: () => string,
): readonly Segment[] {
  const ours = { name: template.name, source: template.source, trust: 'trusted' as const };
  const segments: Segment[] = [];
  const add = (segment: Segment): void => {
    const last = segments.at(-1);
    const goesOn = last?.name === segment.name && last.source === segment.source;
    if (goesOn) segments[segments.length - 1] = { ...last, text: last.text + segment.text };
    else if (segment.text !== '') segments.push(segment);
  };
  for (const piece of withoutEmptyLines(readTemplate(template.text.trim()), values)) {
    if (piece.is === 'words') {
      add({ ...ours, text: piece.text });
      continue;
    }
    if (!isVariable(piece.name)) continue;
    const value = values[piece.name] ?? '';
    const { shape, source, trust, maxChars } = variables[piece.name];
    if (shape === 'line' && typeof value === 'string') {
      add({ ...ours, text: oneLine(value, maxChars) });
      continue;
    }
    const parts = typeof value === 'string' ? [{ source, trust, text: value, isFenced: true }] : value;
    for (const [index, part] of parts.entries()) {
      const isData = part.trust === 'untrusted';
      if (index > 0) add({ ...ours, text: '\n\n' });
      else if (isData && !piece.alone) add({ ...ours, text: '\n' });
      add({
        name: piece.name,
        source: part.source,
        trust: part.trust,
        text: written(part, maxChars, nonce),
      });
      if (isData && !piece.alone && index === parts.length - 1) add({ ...ours, text: '\n' });
    }
  }
  return withOneEnd(segments);
}

function written(part: Part, maxChars: number, nonce: () => string): string {
  const { source, trust, text, lead, isFenced } = part;
  let body = text.trim();
  if (trust === 'trusted') body = cutTo(body, maxChars);
  else if (isFenced !== true) body = fenced(sanitise(text, { maxChars }), { source, nonce: nonce() });
  return lead === undefined ? body : `${lead}\n${body}`;
}

/** A name or a sentence stays on its line, so that it cannot begin one of ours. */
function oneLine(text: string, maxChars: number): string {
  return sanitise(text, { maxChars: 4 * maxChars })
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, maxChars);
}

function withoutEmptyLines(pieces: readonly TemplatePiece[], values: PromptValues): readonly TemplatePiece[] {
  const kept: TemplatePiece[] = [];
  let isLineGone = false;
  for (const piece of pieces) {
    if (piece.is === 'variable' && piece.alone && isVariable(piece.name) && isEmpty(values[piece.name])) {
      isLineGone = true;
      continue;
    }
    const text = piece.is === 'words' && isLineGone ? piece.text.replace(/^\n+/, '') : undefined;
    kept.push(text === undefined ? piece : { is: 'words', text });
    isLineGone = false;
  }
  return kept;
}

function isEmpty(value: string | readonly Part[] | undefined): boolean {
  if (value === undefined) return true;
  return typeof value === 'string' ? value.trim() === '' : value.length === 0;
}

function withOneEnd(segments: readonly Segment[]): readonly Segment[] {
  const last = segments.at(-1);
  if (!last) return [];
  const text = last.text.trimEnd();
  if (text === '') return withOneEnd(segments.slice(0, -1));
  return [...segments.slice(0, -1), { ...last, text: `${text}\n` }];
}
