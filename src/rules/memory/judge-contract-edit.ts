import { sanitise } from '../untrusted.ts';
import { findPart, looksLikeMarker } from './contract-part.ts';
import { bare, isBlank, linesOf } from './lines.ts';
import { headingIn } from './markdown.ts';
import { conflictMarker } from './read-memory-file.ts';
import { oneLine } from './words.ts';

/** `ok`: nothing but Repo Facts was changed. Else what was done, in words, and the lines it was done to. */
export type ContractVerdict =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly finding: string;
      /** In the file as it is now, counted from 1. */
      readonly line: number;
      /** Some of the lines, as they were and as they are. */
      readonly changed: readonly string[];
    };

/** More than a screen or two is no fact; it would crowd everything else out of the prompts. */
const mostLines = 100;
const mostChars = 16_000;

/** Whether a session may land what it did to AGENTS.md: it may change the lines under our Repo Facts and nothing else. */
export function judgeContractEdit(before: string | undefined, after: string | undefined): ContractVerdict {
  if (before === after) return { ok: true };
  if (after === undefined) return refused('AGENTS.md was removed', 1, []);
  if (before === undefined) return refused('AGENTS.md was made; clone makes it', 1, []);
  const lines = linesOf(before);
  const found = findPart({ lines });
  const facts = found.is === 'part' ? found.part.facts : undefined;
  if (!facts) return outside(before, after);
  const head = lines.slice(0, facts.heading + 1).join('');
  const tail = lines.slice(facts.end).join('');
  const isFramed =
    after.length >= head.length + tail.length && after.startsWith(head) && after.endsWith(tail);
  if (!isFramed) return outside(before, after);
  const was = lines.slice(facts.heading + 1, facts.end);
  const is = linesOf(after.slice(head.length, after.length - tail.length));
  return judgeFacts(was, is, facts.heading + 2);
}

function judgeFacts(was: readonly string[], is: readonly string[], first: number): ContractVerdict {
  const last = is.at(-1);
  if (last !== undefined && !last.endsWith('\n'))
    return refused('the line after Repo Facts no longer begins a line of its own', first + is.length - 1, [
      shown(last),
    ]);
  const known = new Set(was.map(bare));
  for (const [index, line] of is.entries()) {
    const wrong = known.has(bare(line)) ? undefined : wrongInFacts(bare(line), is[index - 1]);
    if (wrong !== undefined) return refused(`Repo Facts has ${wrong}`, first + index, [shown(line)]);
  }
  if (is.length > Math.max(mostLines, was.length))
    return refused(`Repo Facts has ${is.length} lines; ${mostLines} are the most`, first + mostLines, []);
  const size = sizeOf(is);
  if (size > Math.max(mostChars, sizeOf(was)))
    return refused(`Repo Facts has ${size} characters; ${mostChars} are the most`, first, []);
  return { ok: true };
}

/** What would end the section, hide what follows, or say it is something else. Lines that were there before may stay. */
function wrongInFacts(line: string, above: string | undefined): string | undefined {
  const folded = line.slice(0, mostChars).normalize('NFKC');
  if (looksLikeMarker(folded, 'begin|end')) return 'a marker of clone in it';
  if (/<!--|-->/.test(folded)) return 'an HTML comment in it';
  if (headingIn(line) ?? headingIn(folded) ?? /^\s*(?:[-*+>]\s+)*#{1,6}\s/.exec(folded))
    return 'a heading in it';
  if (/^ {0,3}(?:=+|-{2,})\s*$/.test(line) && above !== undefined && !isBlank(above))
    return 'a heading in it';
  if (
    /<[!?]|<\/?(?:h[1-6]|script|style|pre|xmp|textarea|template|details|iframe|svg|title|plaintext)\b/i.test(
      folded,
    )
  )
    return 'HTML in it';
  if (/^\s*(?:`{3,}|~{3,})/.test(folded)) return 'a code block in it';
  if (conflictMarker(line) !== undefined) return 'a conflict marker in it';
  // The sign that makes an emoji colourful is hidden, and harmless.
  const plain = line.replaceAll('\uFE0F', '');
  if (sanitise(plain, { maxChars: Number.MAX_SAFE_INTEGER }) !== plain) return 'hidden characters in it';
  return undefined;
}

function outside(before: string, after: string): ContractVerdict {
  const found = findPart({ lines: linesOf(after) });
  const hadPart = findPart({ lines: linesOf(before) }).is === 'part';
  const { line, changed } = firstChange(linesOf(before), linesOf(after));
  if (hadPart && found.is === 'none') return refused('the markers of clone were removed', line, changed);
  if (found.is === 'damaged') return refused(found.message, found.line, changed);
  if (before.replaceAll('\r\n', '\n') === after.replaceAll('\r\n', '\n'))
    return refused('the line endings were changed', line, changed);
  return refused('something outside Repo Facts was changed', line, changed);
}

/** The first and the last line that differ, as they were and as they are. */
function firstChange(
  was: readonly string[],
  is: readonly string[],
): { readonly line: number; readonly changed: readonly string[] } {
  const shorter = Math.min(was.length, is.length);
  let top = 0;
  while (top < shorter && was[top] === is[top]) top += 1;
  let bottom = 0;
  while (bottom < shorter - top && was.at(-1 - bottom) === is.at(-1 - bottom)) bottom += 1;
  const shownOf = (lines: readonly string[], sign: string): readonly string[] =>
    lines
      .slice(top, lines.length - bottom)
      .slice(0, 3)
      .map((line) => `${sign} ${shown(line)}`);
  return { line: top + 1, changed: [...shownOf(was, '-'), ...shownOf(is, '+')] };
}

function sizeOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length, 0);
}

function shown(line: string): string {
  // A comment is not taken for one here, or the very thing that was wrong would not be shown.
  return oneLine(line.slice(0, 1000).replaceAll('<!--', '<! --'), 120);
}

function refused(finding: string, line: number, changed: readonly string[]): ContractVerdict {
  return { ok: false, finding, line, changed };
}
