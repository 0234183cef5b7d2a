import { secretForms } from './secret-forms.ts';
import { longestToken, openKeyBlock, type SecretSpan, secretShapes } from './secret-patterns.ts';

/** Masks secrets in text that comes in pieces. What `push` answers never holds a part of a secret. */
export interface RedactStream {
  push(chunk: string): string;
  /** The rest. */
  finish(): string;
}

/** Masks known values in all their forms, and whatever looks like a secret: `[redacted:github-token]`. */
export interface Redactor {
  text(text: string): string;
  stream(): RedactStream;
}

export function redactor(secrets: readonly string[]): Redactor {
  const known = knownForms(secrets);
  return {
    text: (text) => mask(text, spansIn(text, known)),
    stream: () => redactStream(known),
  };
}

/**
 * Masks a log line by line with a redactor of whole texts. Of a line without an end only the start is passed on, which
 * is more than anybody reads.
 */
export function redactLines(redact: (text: string) => string): RedactStream {
  let held = '';
  return {
    push(chunk) {
      if (held.length < 8 * longestToken || chunk.includes('\n')) held += chunk;
      if (!chunk.includes('\n')) return '';
      const lines = held.lastIndexOf('\n') + 1;
      const cut = Math.min(lines, openKeyBlock(held) ?? lines);
      const safe = held.slice(0, cut);
      held = held.slice(cut);
      return safe === '' ? '' : redact(safe);
    },
    finish() {
      const rest = redact(held);
      held = '';
      return rest;
    },
  };
}

interface KnownForm {
  readonly form: string;
  readonly kind: string;
}

function knownForms(secrets: readonly string[]): readonly KnownForm[] {
  const kinds = new Map<string, string>();
  for (const secret of secrets) {
    const kind = secretShapes(secret)[0]?.kind ?? 'secret';
    for (const form of secretForms(secret)) kinds.set(form, kind);
  }
  return [...kinds].map(([form, kind]) => ({ form, kind })).sort((a, b) => b.form.length - a.form.length);
}

function spansIn(text: string, known: readonly KnownForm[]): SecretSpan[] {
  const spans = secretShapes(text);
  for (const { form, kind } of known) {
    for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + form.length)) {
      spans.push({ start: at, end: at + form.length, kind });
    }
  }
  return spans.sort((a, b) => a.start - b.start || b.end - a.end);
}

/** One mask for spans that overlap: a part of a secret is never left between two masks. */
function mask(text: string, spans: readonly SecretSpan[]): string {
  const parts: string[] = [];
  let copied = 0;
  let open: SecretSpan | undefined;
  const close = (span: SecretSpan): void => {
    parts.push(text.slice(copied, span.start), `[redacted:${span.kind}]`);
    copied = span.end;
  };
  for (const span of spans) {
    if (open && span.start < open.end) {
      open = { ...open, end: Math.max(open.end, span.end) };
      continue;
    }
    if (open) close(open);
    open = span;
  }
  if (open) close(open);
  if (parts.length === 0) return text;
  parts.push(text.slice(copied));
  return parts.join('');
}

/** Text is held back from the last line break on, and from where a secret of several lines may have begun. */
function redactStream(known: readonly KnownForm[]): RedactStream {
  const spread = known.filter(({ form }) => form.includes('\n'));
  const keep = Math.max(longestToken, 2 * (known[0]?.form.length ?? 0));
  let held = '';

  return {
    push(chunk) {
      held += chunk;
      if (!chunk.includes('\n') && held.length < 2 * keep) return '';
      const spans = spansIn(held, known);
      const cut = outsideSpans(safeCut(held, keep, spread), spans);
      if (cut <= 0) return '';
      const safe = mask(
        held.slice(0, cut),
        spans.filter((span) => span.end <= cut),
      );
      held = held.slice(cut);
      return safe;
    },
    finish() {
      const rest = mask(held, spansIn(held, known));
      held = '';
      return rest;
    },
  };
}

function safeCut(text: string, keep: number, spread: readonly KnownForm[]): number {
  let cut = Math.max(text.lastIndexOf('\n') + 1, text.length - keep);
  cut = Math.min(cut, openKeyBlock(text) ?? cut);
  for (const { form } of spread) {
    const begun = text.indexOf(form.slice(0, 4), Math.max(0, text.length - form.length));
    if (begun >= 0) cut = Math.min(cut, begun);
  }
  return cut;
}

/** Spans come in the order of their starts, so going backwards one pass finds the start of every overlap. */
function outsideSpans(cut: number, spans: readonly SecretSpan[]): number {
  let safe = cut;
  for (const span of [...spans].reverse()) {
    if (span.start < safe && safe < span.end) safe = span.start;
  }
  return safe;
}
