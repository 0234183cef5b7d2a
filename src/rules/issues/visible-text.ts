import { sanitise } from '../untrusted.ts';

/** What of a Markdown text a reader of its page sees, and whether there is more in it. */
export interface Visible {
  readonly text: string;
  readonly hidden: boolean;
}

/** As long as GitHub lets a text be. */
const mostLookedAt = 65_536;

/**
 * A text without what its page hides: comments, folded parts, the words behind images and links, link definitions,
 * tags with what is written in them, and characters without a glyph. Code keeps its angle brackets.
 */
export function readVisible(markdown: string): Visible {
  const whole = markdown.slice(0, mostLookedAt).replace(/\r\n?/g, '\n');
  const shown = sanitise(whole, { maxChars: mostLookedAt + 1 });
  const text = tidy(outsideOfCode(withoutFolded(shown)));
  return { text, hidden: shown !== whole || text !== tidy(shown) };
}

/** An unclosed fold hides the rest. Taking one out may put another together. */
function withoutFolded(text: string): string {
  let rest = text;
  for (let round = 0; round < 4 && /<details/i.test(rest); round += 1)
    rest = rest.replace(/<details(?![\w-])(?:(?!<details(?![\w-]))[\s\S])*?(?:<\/details\s*>|$)/gi, '\n');
  return rest.replace(/<\/?details[^>]*>?/gi, '');
}

/** Line by line, so that no text takes long: fenced blocks stay, what is around them loses its markup. */
function outsideOfCode(text: string): string {
  const shown: string[] = [];
  let prose: string[] = [];
  let fence: string | undefined;
  const endProse = (): void => {
    if (prose.length > 0) shown.push(outsideOfSpans(prose.join('\n')));
    prose = [];
  };
  for (const line of text.split('\n')) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence !== undefined) {
      shown.push(line);
      if (mark?.startsWith(fence) && line.trim() === mark) fence = undefined;
    } else if (mark === undefined) prose.push(line);
    else {
      endProse();
      // Behind the opening fence stands the language, and then whatever nobody sees.
      shown.push(/^\s*(?:`+|~+)[ \t]*[\w+#.-]{0,20}/.exec(line)?.[0] ?? mark);
      fence = mark;
    }
  }
  endProse();
  return shown.join('\n');
}

/** So many marks further on the end of a code span is looked for. */
const furthest = 50;

/** Code spans stay as they are, too: between two runs of equally many backticks. */
function outsideOfSpans(text: string): string {
  const runs = [...text.matchAll(/`+/g)].map((run) => ({ at: run.index, length: run[0].length }));
  let shown = '';
  let from = 0;
  for (let index = 0; index < runs.length; index += 1) {
    const begin = runs[index];
    if (begin === undefined || begin.at < from) continue;
    const near = runs.slice(index + 1, index + furthest);
    const end = near.find(({ length }) => length === begin.length);
    if (end === undefined || text.slice(begin.at, end.at).includes('\n\n')) continue;
    shown += withoutMarkup(text.slice(from, begin.at)) + text.slice(begin.at, end.at + end.length);
    from = end.at + end.length;
  }
  return shown + withoutMarkup(text.slice(from));
}

/** What is left of a link or an image that is put together in a way we do not read goes, to the end of its line. */
function withoutMarkup(text: string): string {
  return withoutTags(text)
    .replace(/^ {0,3}\[(?!\^)[^[\]]*\]:[ \t]*(?:\n[^\n]*|[^\n]+)(?:\n[ \t]*["'(][^\n]*)?/gm, '')
    .replace(/!\[[^[\]]*\](?:\([^()]*\)|\[[^[\]]*\])?/g, '[image]')
    .replace(/!\[[^\n]*/g, '[image]')
    .replace(/\[([^[\]]*)\](?:\([^()]*\)|\[[^[\]]*\])/g, '$1')
    .replace(/\]\([^\n]*/g, ']');
}

/** Tags with everything in them; an unclosed one hides the rest. An address between angle brackets is for reading. */
function withoutTags(text: string): string {
  let shown = '';
  let from = 0;
  for (;;) {
    const begin = text.slice(from).search(/<[a-zA-Z/!?]/);
    if (begin < 0) return shown + text.slice(from);
    shown += text.slice(from, from + begin);
    const address = /^<(https?:\/\/[^\s<>"']{1,500})>/.exec(
      text.slice(from + begin, from + begin + 510),
    )?.[1];
    const end = endOfTag(text, from + begin);
    if (end === undefined) return shown;
    shown += address ?? '';
    from = end;
  }
}

/** Behind the `>` that is in no quotes; undefined: there is none. */
function endOfTag(text: string, from: number): number | undefined {
  let quote: string | undefined;
  for (let at = from; at < text.length; at += 1) {
    const letter = text[at];
    if (quote !== undefined) {
      if (letter === quote) quote = undefined;
    } else if (letter === '"' || letter === "'") quote = letter;
    else if (letter === '>') return at + 1;
  }
  return undefined;
}

function tidy(text: string): string {
  return text
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
