import type { Page, Section } from './page.ts';

/** The page as one HTML file: nothing is loaded, nothing runs, and all text stays text. */
export function renderHtml(
  page: Page,
  { refreshSeconds }: { refreshSeconds?: number | undefined } = {},
): string {
  const refresh =
    refreshSeconds === undefined ? '' : `<meta http-equiv="refresh" content="${refreshSeconds}">\n`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
${refresh}<title>${escaped(page.title)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escaped(page.title)}</h1>
<p class="verdict ${page.state}">${escaped(page.headline)}</p>
${page.sections
  .map(section)
  .filter((part) => part !== '')
  .join('\n')}
<footer>${escaped(page.foot)}</footer>
</body>
</html>
`;
}

function section({ title, columns, rows, empty }: Section): string {
  if (rows.length === 0) {
    return empty === undefined
      ? ''
      : `<section><h2>${escaped(title)}</h2><p class="empty">${escaped(empty)}</p></section>`;
  }
  const head = columns.length === 0 ? '' : `<thead><tr>${cells('th', columns)}</tr></thead>`;
  const body = rows.map((row) => `<tr>${cells('td', row)}</tr>`).join('\n');
  const heading = title === '' ? '' : `<h2>${escaped(title)}</h2>`;
  return `<section>${heading}<div class="wide"><table>${head}<tbody>
${body}
</tbody></table></div></section>`;
}

function cells(tag: 'td' | 'th', row: readonly string[]): string {
  return row.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('');
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

const style = `
:root { color-scheme: light dark; --line: #d8dbe0; --soft: #626b78; --ok: #17753a; --attention: #8a5a00; --problem: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --line: #3a404a; --soft: #9aa4b2; --ok: #5fce86; --attention: #f0b445; --problem: #ff8a80; } }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.3rem; margin: 0 0 .5rem; }
h2 { font-size: 1rem; margin: 1.8rem 0 .4rem; }
.verdict { font-size: 1.1rem; border-left: .3rem solid var(--soft); padding: .3rem .8rem; margin: 0; }
.ok { border-color: var(--ok); color: var(--ok); }
.attention { border-color: var(--attention); color: var(--attention); }
.problem { border-color: var(--problem); color: var(--problem); }
.empty, footer { color: var(--soft); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
th { color: var(--soft); font-weight: 600; white-space: nowrap; }
footer { margin-top: 2rem; font-size: .85rem; }
@media (max-width: 45rem) { th, td { min-width: 6.5rem; } }
`;
