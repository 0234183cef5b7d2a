import type { Page, Section } from './page.ts';
import { cutToWidth, padToWidth, widthOf } from './width.ts';

export interface TextOptions {
  readonly columns: number;
  readonly colour: boolean;
}

/** The page for a terminal (or a file), no line longer than it is wide. */
export function renderText(page: Page, { columns, colour }: TextOptions): string {
  const paint = colour ? painted : (text: string): string => text;
  const lines = [
    paint(cutToWidth(page.title, columns), 'bold'),
    ...wrap(page.headline, columns).map((line) => paint(line, page.state)),
    ...page.sections.flatMap((section) => sectionLines(section, columns, paint)),
  ];
  const foot = page.foot === '' ? [] : ['', ...wrap(page.foot, columns).map((line) => paint(line, 'idle'))];
  return [...lines, ...foot].map((line) => line.trimEnd()).join('\n');
}

type Paint = (text: string, how: Page['state'] | 'bold') => string;

function sectionLines(section: Section, columns: number, paint: Paint): readonly string[] {
  if (section.rows.length === 0) {
    if (section.empty === undefined) return [];
    return [
      '',
      paint(cutToWidth(section.title, columns), 'bold'),
      ...wrap(section.empty, columns - 2).map((line) => `  ${line}`),
    ];
  }
  const widths = columnWidths(section, columns - 2);
  const line = (cells: readonly string[]): string => {
    const fitted = cells.map((cell, index) => fit(cell, widths[index] ?? 0, index === cells.length - 1));
    return cutToWidth(`  ${fitted.join('  ')}`, columns);
  };
  const head = section.columns.length === 0 ? [] : [paint(line(section.columns), 'idle')];
  const title = section.title === '' ? [] : [paint(cutToWidth(section.title, columns), 'bold')];
  return ['', ...title, ...head, ...section.rows.map(line)];
}

function fit(cell: string, width: number, last: boolean): string {
  const cut = cutToWidth(cell, width);
  return last ? cut : padToWidth(cut, width);
}

/** Each column as wide as it needs; when that is too much, the widest give way first. */
function columnWidths({ columns, rows }: Section, room: number): readonly number[] {
  const all = columns.length === 0 ? rows : [columns, ...rows];
  const count = Math.max(...all.map((row) => row.length));
  const wanted = Array.from({ length: count }, (_, index) =>
    Math.max(...all.map((row) => widthOf(row[index] ?? ''))),
  );
  const free = Math.max(count * 4, room - 2 * (count - 1));
  const widths = [...wanted];
  while (total(widths) > free) {
    const widest = widths.indexOf(Math.max(...widths));
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

/** Lines of at most `columns`, broken between words where that is possible. */
export function wrap(text: string, columns: number): readonly string[] {
  const room = Math.max(10, columns);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const next = line === '' ? word : `${line} ${word}`;
    if (widthOf(next) <= room) {
      line = next;
      continue;
    }
    if (line !== '') lines.push(line);
    line = cutToWidth(word, room);
  }
  return line === '' ? lines : [...lines, line];
}

const codes = { bold: 1, ok: 32, attention: 33, problem: 31, idle: 2, plain: 0 } as const;

function painted(text: string, how: keyof typeof codes): string {
  return text === '' ? text : `\u001b[${codes[how]}m${text}\u001b[0m`;
}
