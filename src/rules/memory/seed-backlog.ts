import { boxesOf } from './boxes.ts';
import { bare } from './lines.ts';
import { outlineOf } from './markdown.ts';
import { oneLine, wordsOf } from './words.ts';

/** What a repository says of its own plans. */
export interface BacklogSources {
  readonly readme: string | undefined;
  readonly docs: readonly { readonly file: string; readonly text: string }[];
  /** Comments in the code: `TODO: ...`, with their place. */
  readonly todos: readonly { readonly file: string; readonly line: number; readonly text: string }[];
}

const most = 40;
const mostOfOne = 15;
const longest = 160;
/** What is read of one document; plans do not stand behind it. */
const readChars = 200_000;

/** The first candidates of a backlog: open boxes and roadmap items of README and docs, then TODOs; at most 40. */
export function seedBacklog({ readme, docs, todos }: BacklogSources): readonly string[] {
  const found = [
    ...plansIn(readme ?? ''),
    ...docs.slice(0, 50).flatMap(({ text }) => plansIn(text)),
    ...todos.slice(0, 500).flatMap(todoOf).slice(0, mostOfOne),
  ];
  const seen = new Set<string>();
  const seeds = found.filter((seed) => {
    const key = wordsOf(seed);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  return seeds.slice(0, most);
}

const planHeading =
  /^(?:the )?(?:road ?map|to[ -]?dos?|planned(?: features)?|future(?: work| plans)?|next steps|ideas|known (?:issues|limitations)|limitations|what is missing)\b/i;

function plansIn(text: string): readonly string[] {
  const outline = outlineOf(text.slice(0, readChars));
  const whole = { start: -1, end: outline.lines.length };
  const boxes = boxesOf(outline, whole).filter(({ isDone }) => !isDone);
  const found = boxes.map(({ title, start }) => ({ line: start, text: title }));
  for (const [index, heading] of outline.headings.entries()) {
    if (!planHeading.test(heading.text.replace(/^[^\p{L}]+/u, ''))) continue;
    const end = outline.headings[index + 1]?.line ?? whole.end;
    for (let line = heading.line + 1; line < end; line++) {
      const item = /^ ?(?:[-*+]|\d{1,3}[.)]) (?!\[[ xX]\] )(?=\S)/.exec(bare(outline.lines[line] ?? ''));
      if (item && !outline.isCode(line))
        found.push({ line, text: bare(outline.lines[line] ?? '').slice(item[0].length) });
    }
  }
  return found
    .toSorted((a, b) => a.line - b.line)
    .map(({ text: plan }) => oneLine(plan, longest))
    .filter((plan) => plan !== '')
    .slice(0, mostOfOne);
}

function todoOf({ file, line, text }: BacklogSources['todos'][number]): readonly string[] {
  const said = oneLine(
    text.replace(/^.{0,20}?\b(?:TODO|FIXME)\b(?:\([^)]{0,40}\))?[:\s]*/, ''),
    longest - 60,
  );
  return said === '' ? [] : [`${said} (${oneLine(file, 50)}:${line})`];
}
