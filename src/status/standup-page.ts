import { seconds, spoken } from '../domain/time.ts';
import { oneLine } from './one-line.ts';
import type { Page, Section } from './page.ts';
import type { StandupCost, StandupRepo, StandupReport } from './standup.ts';
import { grouped } from './status-page.ts';

/** The morning report as a page, one part per repository. */
export function standupPage(report: StandupReport): Page {
  const { totals, needs_you: needs } = report;
  return {
    title: `clone standup since ${report.since}`,
    state: needs.length > 0 ? 'attention' : 'ok',
    headline: `${totals.landed} ${totals.landed === 1 ? 'commit' : 'commits'} landed in ${totals.repos_landed} ${totals.repos_landed === 1 ? 'repository' : 'repositories'}; ${costWords(totals)}`,
    sections: [
      {
        title: 'Needs you',
        columns: ['what', 'where', 'why', 'do'],
        empty: 'Nothing.',
        rows: needs.map((need) =>
          [need.what, need.session ?? need.repo ?? '', need.why, need.hint].map(oneLine),
        ),
      },
      ...report.repos.map(repoSection),
    ],
    foot: report.generated_at,
  };
}

function repoSection(repo: StandupRepo): Section {
  const rows = [
    ...repo.landed.map(({ sha, subject, why }) => ['landed', `${sha.slice(0, 7)} ${subject}`, why]),
    ...repo.mended.map(({ what, why }) => ['mended', what, why]),
    ...repo.failed.map(({ what, why }) => ['failed', what, why]),
    ...repo.taught.map(({ rule, from }) => ['taught', rule, from]),
    ...repo.next.map((title) => ['next', title, '']),
    ...(repo.next_due === null ? [] : [['next visit', repo.next_due, '']]),
    ...(repo.ci === null ? [] : [['CI', repo.ci, '']]),
    ['cost', costWords(repo.cost), ''],
  ];
  return {
    title: oneLine(repo.name),
    columns: ['', 'what', 'why'],
    empty: undefined,
    rows: rows.map((row) => row.map(oneLine)),
  };
}

function costWords(cost: StandupCost): string {
  const tokens = `${grouped(cost.input_tokens)} tokens in (${grouped(cost.cached_input_tokens)} cached), ${grouped(cost.output_tokens)} out`;
  return `${cost.turns} ${cost.turns === 1 ? 'turn' : 'turns'}, ${tokens}, ${spoken(seconds(cost.agent_seconds))} of agent time`;
}
