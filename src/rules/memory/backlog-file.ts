import { type BacklogNews, type MemoryProblem, memoryFiles } from '../../domain/memory.ts';
import { failed, ok, type Result } from '../../domain/result.ts';
import { type Box, boxesOf, boxLine, keysOf } from './boxes.ts';
import { datedBullet, datedLinesOf } from './dated-line.ts';
import { dayOf } from './dates.ts';
import { labelled } from './entry-schema.ts';
import { bare, type Insertion, insertBlocks } from './lines.ts';
import { endOfText, findSection, type Outline, outlineOf, type Section } from './markdown.ts';
import { placeOfSection } from './place-entries.ts';
import { problemOf } from './read-memory-file.ts';
import { oneLine, wordsOf } from './words.ts';

/** The sections of CLONE_FEATURES.md in their order. */
export const backlogSections = ['Candidate Features To Do', 'Implemented', 'Insights'] as const;
const [candidateSection, implementedSection, insightSection] = backlogSections;

/** With more open boxes than this, nothing is proposed any more: nobody reads the rest. */
const mostOpen = 200;
const longestTitle = 200;

/**
 * CLONE_FEATURES.md with the news: what is implemented moves there from the open boxes, candidates and insights are
 * added once. Undefined: a new file, with `seed` as its first candidates. An open box that a person wrote notes under is
 * ticked where it is.
 */
export function updateBacklog(
  text: string | undefined,
  news: BacklogNews,
  seed: readonly string[] = [],
): Result<string, MemoryProblem> {
  const problem = text === undefined ? undefined : problemOf(text, memoryFiles.backlog);
  if (problem) return failed(problem);
  const settled = settle(begun(text, seed), news.implemented);
  return ok(withNews(settled, news));
}

function begun(text: string | undefined, seed: readonly string[]): string {
  if (text !== undefined && text.replace('\uFEFF', '').trim() !== '') return text;
  const boxes = withoutTwins(seed.map(titleOf), new Set()).map(
    (title) => `${boxLine(title, { isProposed: false })}\n`,
  );
  const sections = backlogSections.map((section) =>
    section === candidateSection && boxes.length > 0
      ? `## ${section}\n\n${boxes.join('')}`
      : `## ${section}\n`,
  );
  const lead =
    'What could be done next, and what was done. Order and edit it freely; what an agent proposed says so.';
  return `${text ?? ''}${['# Backlog\n', `${lead}\n`, ...sections].join('\n')}`;
}

/** Takes the open boxes of what is implemented away; those with notes are ticked. */
function settle(text: string, implemented: BacklogNews['implemented']): string {
  const outline = outlineOf(text);
  const done = new Set(implemented.map(({ title }) => wordsOf(titleOf(title))));
  const settled = boxesIn(outline).filter(
    (box) => !box.isDone && keysOf(box.title).some((key) => done.has(key)),
  );
  if (settled.length === 0) return text;
  const lines: (string | undefined)[] = [...outline.lines];
  for (const box of settled) {
    const line = lines[box.start] ?? '';
    lines[box.start] = box.end > box.start + 1 ? line.replace('[ ]', '[x]') : undefined;
  }
  return lines.filter((line) => line !== undefined).join('');
}

function withNews(text: string, news: BacklogNews): string {
  const outline = outlineOf(text);
  const insertions = [
    ...into(outline, candidateSection, newCandidates(outline, news)),
    ...into(outline, implementedSection, newImplemented(outline, news.implemented)),
    ...into(outline, insightSection, newInsights(outline, news.insights)),
  ];
  return insertions.length === 0 ? text : insertBlocks(outline.lines, insertions);
}

/** Items for one section; where there is no such section, it comes with them. */
function into(outline: Outline, title: string, items: readonly Insertion[]): readonly Insertion[] {
  if (items.length === 0 || findSection(outline.sections, title)) return items;
  const at = placeOfSection(outline, title, backlogSections);
  return [{ at, block: [`## ${title}`, '', ...items.flatMap(({ block }) => block)] }];
}

function newCandidates(outline: Outline, news: BacklogNews): readonly Insertion[] {
  const boxes = boxesIn(outline);
  const section = findSection(outline.sections, candidateSection);
  const known = new Set([
    ...boxes.flatMap(({ title }) => keysOf(title)),
    ...implementedIn(outline).map(({ title }) => wordsOf(title)),
    ...news.implemented.map(({ title }) => wordsOf(titleOf(title))),
  ]);
  const room = Math.max(0, mostOpen - boxes.filter(({ isDone }) => !isDone).length);
  const block = withoutTwins(news.candidates.map(titleOf), known)
    .slice(0, room)
    .map((title) => boxLine(title, { isProposed: true }));
  const at = boxes.at(-1)?.end ?? (section ? endOfText(outline, section) : 0);
  return block.length === 0 ? [] : [{ at, block, isList: true }];
}

function newImplemented(outline: Outline, implemented: BacklogNews['implemented']): readonly Insertion[] {
  const section = findSection(outline.sections, implementedSection);
  const there = implementedIn(outline);
  const known = new Set(there.map(({ title, at }) => `${dayOf(at)} ${wordsOf(title)}`));
  const items: Insertion[] = [];
  for (const { at, title: asked, evidence } of implemented.toSorted((a, b) => b.at - a.at)) {
    const title = titleOf(asked);
    const key = `${dayOf(at)} ${wordsOf(title)}`;
    if (title === '' || known.has(key)) continue;
    known.add(key);
    const said = labelled(oneLine(evidence, 300) || 'none');
    const older = there.find((one) => dayOf(one.at) <= dayOf(at));
    const place = older?.start ?? there.at(-1)?.end ?? (section ? endOfText(outline, section) : 0);
    items.push({ at: place, block: [`- ${dayOf(at)}: ${title} (${said})`], isList: true });
  }
  return items;
}

function newInsights(outline: Outline, insights: readonly string[]): readonly Insertion[] {
  const section = findSection(outline.sections, insightSection);
  const bullets = section ? bulletsIn(outline, section) : [];
  const known = new Set(bullets.map(({ text }) => wordsOf(text)));
  const block = withoutTwins(
    insights.map((insight) => oneLine(insight, 400)),
    known,
  ).map((insight) => `- ${insight}`);
  const at = bullets[0]?.line ?? (section ? endOfText(outline, section) : 0);
  return block.length === 0 ? [] : [{ at, block, isList: true }];
}

/** The boxes among the candidates of a backlog. */
export function boxesIn(outline: Outline): readonly Box[] {
  const section = findSection(outline.sections, candidateSection);
  return section ? boxesOf(outline, section) : [];
}

interface Implemented {
  readonly start: number;
  readonly end: number;
  readonly at: number;
  readonly title: string;
}

function implementedIn(outline: Outline): readonly Implemented[] {
  const section = findSection(outline.sections, implementedSection);
  if (!section) return [];
  return datedLinesOf(outline, section, []).map((line) => ({ ...line, title: withoutEvidence(line.text) }));
}

function withoutEvidence(text: string): string {
  const at = text.search(/ \((?:direct|local|proxy|blocked): /);
  return at < 0 ? text : text.slice(0, at);
}

function bulletsIn(outline: Outline, section: Section): readonly { line: number; text: string }[] {
  const bullets: { line: number; text: string }[] = [];
  for (let line = section.start + 1; line < section.end; line++) {
    const text = bare(outline.lines[line] ?? '');
    if (outline.isCode(line) || !/^[-*+] /.test(text)) continue;
    bullets.push({ line, text: datedBullet(text)?.text ?? text.slice(2) });
  }
  return bullets;
}

function titleOf(text: string): string {
  return oneLine(text, longestTitle);
}

/** Those whose words are not known yet, each once; empty ones are left out. */
function withoutTwins(titles: readonly string[], known: Set<string>): readonly string[] {
  return titles.filter((title) => {
    const key = wordsOf(title);
    if (title === '' || known.has(key)) return false;
    known.add(key);
    return true;
  });
}
