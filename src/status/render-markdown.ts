import type { Page, Section } from './page.ts';

/** The page as Markdown: tables, and nothing of a stranger's text that Markdown or HTML would act on. */
export function renderMarkdown(page: Page): string {
  const parts = [
    `# ${escaped(page.title)}`,
    page.headline === '' ? '' : `**${escaped(page.headline)}**`,
    ...page.sections.map(section),
    page.foot === '' ? '' : `_${escaped(page.foot)}_`,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function section({ title, columns, rows, empty }: Section): string {
  if (rows.length === 0) return empty === undefined ? '' : `## ${escaped(title)}\n\n${escaped(empty)}`;
  const head = columns.length === 0 ? (rows[0] ?? []).map(() => '') : columns;
  const lines = [head, head.map(() => '---'), ...rows.map((row) => row.map(escaped))];
  const table = lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  return title === '' ? table : `## ${escaped(title)}\n\n${table}`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\\`*_[\]|~#!@]/g, (character) => `\\${character}`);
}
