import { counted, day, short } from './memory-page.ts';
import type { IncidentJson } from './memory-report.ts';
import { oneLine } from './one-line.ts';
import type { Page } from './page.ts';

/** What went wrong in the portfolio and what it taught: the answer of `clone incidents --json`. */
export interface IncidentsReport {
  readonly schema_version: 1;
  readonly since: string | null;
  readonly incidents: readonly (IncidentJson & {
    readonly repo: string;
    /** It stands in the repository with the next landing there. */
    readonly pending: boolean;
  })[];
  /** Files that could not be used, and why. */
  readonly unusable: readonly { readonly repo: string; readonly file: string; readonly problem: string }[];
}

/** The incidents as a page, newest first. */
export function incidentsPage({ since, incidents, unusable }: IncidentsReport): Page {
  const when = since === null ? '' : ` since ${since}`;
  return {
    title: `clone incidents${when}`,
    state: unusable.length > 0 ? 'attention' : 'plain',
    headline: incidents.length === 0 ? `no incident${when}` : counted(incidents.length, 'incident'),
    sections: [
      ...incidents.map((one) => ({
        title: oneLine(`${day(one.at)} ${one.repo}: ${one.title}`),
        columns: [],
        empty: undefined,
        rows: [
          ['trigger', `${one.trigger}${one.commit === null ? '' : `, commit ${short(one.commit)}`}`],
          ['root cause', one.root_cause],
          ['fix', one.fix],
          ['prevention', one.prevention],
          ['evidence', one.evidence],
          ['', one.pending ? 'not in INCIDENTS.md yet: it comes with the next landing' : ''],
        ]
          .filter(([, said]) => said !== '')
          .map((row) => row.map(oneLine)),
      })),
      {
        title: 'Left out',
        columns: ['repository', 'file', 'why'],
        empty: undefined,
        rows: unusable.map(({ repo, file, problem }) => [repo, file, problem].map(oneLine)),
      },
    ],
    foot: '',
  };
}
