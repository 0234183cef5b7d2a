import { ideaStepWords } from '../domain/idea.ts';
import type { IdeaReport } from './idea-report.ts';
import { oneLine } from './one-line.ts';
import type { Page } from './page.ts';

/** An idea on one screen. */
export function ideaPage(report: IdeaReport): Page {
  const { id, title, status, last_error: error, cost } = report;
  const rows: readonly (readonly [name: string, value: string | null])[] = [
    ['summary', report.summary || null],
    ['folder', report.folder],
    ['repo', report.repo ?? report.repo_name],
    ['url', report.url],
    ['came to', report.why],
    ['last error', error === null ? null : [error.step, error.why].filter(Boolean).join(': ')],
    ['to do', error === null ? null : error.to_do],
    ['sessions', report.sessions.map((session) => `clone show ${session}`).join(', ') || null],
    ['cost', cost.turns === 0 ? null : costWords(cost)],
  ];
  return {
    title: oneLine(`idea ${id}`),
    state: moods[status] ?? 'plain',
    headline: oneLine(`${status}: ${title}`),
    sections: [
      {
        title: '',
        columns: [],
        rows: rows.flatMap(([name, value]) => (value === null ? [] : [[name, oneLine(value)]])),
        empty: undefined,
      },
      {
        title: 'Steps',
        columns: ['step', 'state', 'at', 'what'],
        rows: report.steps.map(({ step, state, at }) => [
          step,
          state.replace('_', ' '),
          at ?? '',
          ideaStepWords[step],
        ]),
        empty: undefined,
      },
    ],
    foot: '',
  };
}

const moods: Readonly<Record<string, Page['state']>> = { ACTIVE: 'ok', BLOCKED: 'attention' };

function costWords(cost: IdeaReport['cost']): string {
  const number = (count: number): string => count.toLocaleString('en');
  const cached = cost.cached_input_tokens > 0 ? ` (${number(cost.cached_input_tokens)} cached)` : '';
  const tokens = `${number(cost.input_tokens)} tokens in${cached}, ${number(cost.output_tokens)} out`;
  return `${cost.turns} ${cost.turns === 1 ? 'turn' : 'turns'}, ${tokens}, ${number(cost.agent_seconds)} s`;
}
