import type { MemoryReport } from './memory-report.ts';
import { oneLine } from './one-line.ts';
import type { Page, Section } from './page.ts';

/** How many of each kind a person is shown; the files have them all. */
const most = 10;

/** What a repository remembers, as a page. */
export function memoryPage(report: MemoryReport): Page {
  const { files, entries, incidents, backlog, facts } = report;
  const unusable = files.filter(({ state }) => state === 'unusable');
  const findings = files.reduce((sum, file) => sum + file.findings, 0);
  const there = files.filter(({ state }) => state === 'there').length;
  return {
    title: `${oneLine(report.repo)} remembers`,
    state: unusable.length > 0 ? 'problem' : findings > 0 ? 'attention' : there === 0 ? 'idle' : 'ok',
    headline:
      there + unusable.length === 0
        ? 'nothing yet: the files are made with its first landing'
        : `${counted(entries.length, 'entry', 'entries')}, ${counted(incidents.length, 'incident')}, ${counted(backlog.length, 'open candidate')}`,
    sections: [
      {
        title: 'Files',
        columns: ['file', 'lines', 'state'],
        empty: undefined,
        rows: files.map(({ file, lines, state, findings: wrong, problem }) => [
          file,
          state === 'there' ? String(lines) : '-',
          oneLine(problem ?? (wrong > 0 ? `${counted(wrong, 'finding')}: clone memory lint` : state)),
        ]),
      },
      list(
        'Facts',
        ['fact'],
        facts.map((fact) => [fact]),
      ),
      list(
        'Entries',
        ['day', 'section', 'decision', 'trust', 'commit'],
        entries.map(({ at, section, decision, trust, commit }) => [
          day(at),
          section,
          decision,
          trust,
          short(commit),
        ]),
      ),
      list(
        'Incidents',
        ['day', 'trigger', 'what', 'prevention'],
        incidents.map(({ at, trigger, title, prevention }) => [day(at), trigger, title, prevention]),
      ),
      list(
        'Candidates',
        ['title', ''],
        backlog.map(({ title, proposed }) => [title, proposed ? 'proposed by an agent' : '']),
      ),
    ],
    foot: oneLine(report.path),
  };
}

function list(title: string, columns: readonly string[], rows: readonly (readonly string[])[]): Section {
  const more = rows.length - most;
  return {
    title: more > 0 ? `${title} (${most} of ${rows.length})` : title,
    columns,
    empty: undefined,
    rows: rows.slice(0, most).map((row) => row.map(oneLine)),
  };
}

/** `1 incident`, `2 incidents` */
export function counted(count: number, one: string, more = `${one}s`): string {
  return `${count} ${count === 1 ? one : more}`;
}

export function day(at: string | null): string {
  return at?.slice(0, 10) ?? '?';
}

export function short(commit: string | null): string {
  return commit?.slice(0, 7) ?? '-';
}
