import { describe, expect, it } from 'vitest';
import type { Page } from './page.ts';
import { renderHtml } from './render-html.ts';
import { renderMarkdown } from './render-markdown.ts';
import { renderText } from './render-text.ts';
import type { StatusReport } from './report.ts';
import { statusPage } from './status-page.ts';
import { widthOf } from './width.ts';

const at = '2026-11-20T21:00:00Z';
const report: StatusReport = {
  schema_version: 1,
  generated_at: '2026-11-20T21:10:00Z',
  home: '/home/me',
  verdict: { state: 'problem', sentence: 'CI is red on <jwt> & friends.' },
  asleep: { from: at, to: at, sentence: 'the loop was asleep for 5 h 12 m' },
  needs_you: [
    {
      repo: 'jwt',
      session: 'jwt-s1',
      since: at,
      what: 'access',
      why: 'no | push *right*',
      hint: 'clone doctor',
    },
    {
      repo: null,
      session: null,
      since: null,
      what: 'configuration',
      why: 'repos.yaml:3',
      hint: 'mend the file',
    },
  ],
  run: {
    id: 'r1',
    state: 'running',
    started_at: at,
    ticked_at: at,
    ended_at: null,
    cycle: 2,
    cycles: 3,
    repos_in_cycle: 79,
    repos_done: 41,
    parallel: 3,
    agent: 'codex',
    stop_reason: null,
    exit_code: null,
    logs: '/home/me/logs/run-r1',
    warnings: ['a warning_with_underscores'],
  },
  workers: [
    {
      repo: 'csv',
      session: 'csv-s2',
      turn: 'task',
      task: 2,
      of: 5,
      title: 'Read `quoted` cells',
      since: at,
      tokens: 1_234_567,
      doing: '$ npm test',
    },
  ],
  waiting: [{ repo: 'yaml', for: 'a free worker', since: at }],
  free_slots: { count: 2, why: 'codex is parked until 23:00' },
  issues: {
    owner: 5,
    bots: [],
    apps: [],
    open: 1,
    answered: 0,
    refused: [
      {
        reason: 'author-not-trusted',
        count: 3,
        why: 'its author is not trusted (id 9)',
        repos: ['jwt'],
        hint: 'if it is a bot of yours: issue_bots: ["9"] in clone.yaml',
      },
    ],
  },
  ci: [
    {
      repo: 'toml',
      sha: 'abcdef0123456789',
      session: 'toml-s3',
      state: 'pending',
      attempts: 1,
      url: 'https://forge.test/1',
      since: at,
      why: 'ci.yml runs on push',
    },
  ],
  sessions: {
    landed: 11,
    no_work: 12,
    skipped: 13,
    rejected: 14,
    blocked: 15,
    failed: 16,
    interrupted: 17,
    abandoned: 18,
  },
  since_last_look: [{ at, repo: 'ini', session: 'ini-s4', what: 'landed', why: 'fedcba9 Fix the <script>' }],
  last_look: at,
  usage: {
    turns: 21,
    input_tokens: 2_200_000,
    cached_input_tokens: 2_300_000,
    output_tokens: 240_000,
    agent_seconds: 25,
    commits: 26,
    pushes: 27,
  },
  goes_on: { at: '2026-11-20T23:00:00Z', why: 'the limit of codex is over then' },
  repos: [
    {
      name: 'jwt',
      path: '/code/jwt',
      branch: 'trunk',
      state: 'blocked',
      last_session: 'jwt-s1',
      last_visit: at,
      ci: 'red',
      next_due: '2026-11-21T00:00:00Z',
      why: 'no push right',
    },
  ],
};
const page = statusPage(report);

function unescapeHtml(html: string): string {
  return html
    .replace(/<style>[^]*<\/style>/, '')
    .replace(/<[^>]*>/g, '\n')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}
function unescapeMarkdown(markdown: string): string {
  return markdown
    .replace(/\\([\\`*_[\]|~#!@])/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

describe('the forms of the status', () => {
  const forms: readonly (readonly [name: string, text: string])[] = [
    ['the terminal', renderText(page, { columns: 100_000, colour: false })],
    ['Markdown', unescapeMarkdown(renderMarkdown(page))],
    ['HTML', unescapeHtml(renderHtml(page))],
  ];
  const cells = [
    page.title,
    page.headline,
    ...page.sections.flatMap(({ title, rows }) => [title, ...rows.flat()]),
  ];

  it.each(forms)('%s has every field of the page', (_name, text) => {
    for (const cell of cells) expect(text).toContain(cell);
  });

  it.each(forms)('%s answers in the order in which a person asks', (_name, text) => {
    const titles = [
      'problem: CI is red',
      'Needs you',
      'Run',
      'At work',
      'Waiting',
      'Free slots',
      'CI',
      'Since you last looked',
      'Cost of the run',
      'Goes on',
      'Repositories',
    ];
    let from = 0;
    for (const title of titles) {
      const found = text.indexOf(title, from);
      expect(found, title).toBeGreaterThanOrEqual(from);
      from = found;
    }
  });

  it.each<[field: string, value: string]>([
    ['verdict', report.verdict.sentence],
    ['needs_you', 'no | push *right*'],
    ['hint', 'clone doctor'],
    ['run', 'r1'],
    ['cycle', '2 of 3, 41 of 79 repositories done'],
    ['asleep', 'the loop was asleep for 5 h 12 m'],
    ['warning', 'a warning_with_underscores'],
    ['worker', '2/5 Read `quoted` cells'],
    ['tokens', '1 234 567'],
    ['doing', '$ npm test'],
    ['waiting', 'a free worker'],
    ['free slots', 'codex is parked until 23:00'],
    ['ci', 'https://forge.test/1'],
    ['news', 'fedcba9 Fix the <script>'],
    ['usage', '2 300 000'],
    ['goes on', '2026-11-20T23:00:00Z'],
    ['repository', '/code/jwt'],
    ['next due', '2026-11-21T00:00:00Z'],
  ])('all show the %s', (_field, value) => {
    for (const [name, text] of forms) expect(text, name).toContain(value);
  });

  it.each([...Object.entries(report.sessions), ...Object.entries(report.usage)])(
    'all count %s',
    (name, count) => {
      const words = name.replaceAll('_', ' ');
      const table = page.sections.find(({ columns }) => columns.includes(words));
      const cell = table?.rows[0]?.[table.columns.indexOf(words)];
      expect(cell?.replaceAll(' ', '')).toBe(String(count));
    },
  );
});

describe('HTML', () => {
  it('loads and runs nothing, and keeps text as text', () => {
    const html = renderHtml(page);
    expect(html).not.toMatch(/<script|<link|<img|<iframe|javascript:|\son\w+=| src=| href=/i);
    expect(html).toContain('&lt;script&gt;');
    expect(html).toContain("default-src 'none'");
    expect(html).toContain('prefers-color-scheme: dark');
  });

  it('renews itself only while the run goes on', () => {
    expect(renderHtml(page)).not.toContain('http-equiv="refresh"');
    expect(renderHtml(page, { refreshSeconds: 5 })).toContain('http-equiv="refresh" content="5"');
  });
});

describe('text', () => {
  it.each([30, 60, 100])('is nowhere wider than %d columns', (columns) => {
    for (const line of renderText(page, { columns, colour: false }).split('\n')) {
      expect(widthOf(line), line).toBeLessThanOrEqual(columns);
    }
  });

  it('has colour only when asked', () => {
    expect(renderText(page, { columns: 100, colour: false })).not.toContain('\u001b');
    expect(renderText(page, { columns: 100, colour: true })).toContain('\u001b[31mproblem:');
  });

  it('leaves out what is empty and says so where that matters', () => {
    const bare: Page = {
      title: 't',
      state: 'plain',
      headline: '',
      foot: '',
      sections: [
        { title: 'Gone', columns: [], rows: [], empty: undefined },
        { title: 'Quiet', columns: [], rows: [], empty: 'Nothing.' },
      ],
    };
    expect(renderText(bare, { columns: 80, colour: false })).toBe('t\n\nQuiet\n  Nothing.');
    expect(renderMarkdown(bare)).toBe('# t\n\n## Quiet\n\nNothing.\n');
    expect(renderHtml(bare)).not.toContain('Gone');
  });
});

it('says in Markdown how it stands, once', () => {
  expect(renderMarkdown(page)).toContain('**problem: CI is red');
});

describe('what a stranger wrote', () => {
  const hostile = 'a\u001b[2Jb\u001b]0;title\u0007c\r\nd\u202ee\u0000f\u009bg';

  it('cannot move the cursor, break a line or turn the direction', () => {
    const dangerous = statusPage({
      ...report,
      needs_you: [{ repo: hostile, session: null, since: null, what: 'x', why: hostile, hint: '' }],
    });
    const text = renderText(dangerous, { columns: 1000, colour: false });
    expect(text).toContain('abc de f g');
    expect(text.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
  });
});
