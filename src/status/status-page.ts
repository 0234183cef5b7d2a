import { spoken } from '../domain/time.ts';
import type { IssuesPart } from './issue-parts.ts';
import { oneLine } from './one-line.ts';
import type { Page, Section } from './page.ts';
import type { RunPart, StatusReport } from './report.ts';

/** The report as a page, in the order in which a person asks. */
export function statusPage(report: StatusReport): Page {
  const ago = (at: string | null): string => (at === null ? '' : sinceWhen(at, report.generated_at));
  return {
    title: `clone status, ${oneLine(report.home)}`,
    state: report.verdict.state,
    headline: oneLine(`${report.verdict.state}: ${report.verdict.sentence}`),
    sections: [
      section('Needs you', ['what', 'where', 'since', 'why', 'do'], 'Nothing.', report.needs_you, (need) => [
        need.what,
        need.session ?? need.repo ?? '',
        ago(need.since),
        need.why,
        need.hint,
      ]),
      section('Run', [], 'None yet.', report.run === null ? [] : runRows(report.run, report), (row) => row),
      section(
        'At work',
        ['repository', 'session', 'turn', 'task', 'since', 'tokens', 'doing'],
        undefined,
        report.workers,
        (worker) => [
          worker.repo,
          worker.session,
          worker.turn,
          [worker.task === null ? '' : `${worker.task}/${worker.of}`, worker.title ?? ''].join(' '),
          ago(worker.since),
          grouped(worker.tokens),
          worker.doing ?? '',
        ],
      ),
      section('Waiting', ['repository', 'for', 'since'], 'Nothing waits.', report.waiting, (waiting) => [
        waiting.repo,
        waiting.for,
        ago(waiting.since),
      ]),
      section('Free slots', [], undefined, [report.free_slots], ({ count, why }) => [String(count), why]),
      section(
        'CI',
        ['repository', 'commit', 'state', 'fixes', 'since', 'why', 'url'],
        undefined,
        report.ci,
        (ci) => [
          ci.repo,
          ci.sha.slice(0, 12),
          ci.state,
          String(ci.attempts),
          ago(ci.since),
          ci.why,
          ci.url ?? '',
        ],
      ),
      section('Issues', ['open', 'what', 'where', 'do'], undefined, issueRows(report.issues), (row) => row),
      section(
        report.last_look === null
          ? 'In the last 24 hours'
          : `Since you last looked (${ago(report.last_look)} ago)`,
        ['when', 'repository', 'session', 'what', 'why'],
        'Nothing new.',
        report.since_last_look,
        (news) => [ago(news.at), news.repo, news.session, news.what, news.why],
      ),
      counts('Sessions of the run', report.sessions, report.run),
      counts('Cost of the run', report.usage, report.run),
      section('Goes on', [], undefined, [report.goes_on], ({ at, why }) => [
        ...(at === null ? [] : [at]),
        why,
      ]),
      section(
        'Repositories',
        ['repository', 'branch', 'state', 'last session', 'CI', 'next due', 'why', 'path'],
        'None: `clone discover ROOT` finds yours.',
        report.repos,
        (repo) => [
          repo.name,
          repo.branch,
          repo.state,
          repo.last_session ?? '',
          repo.ci ?? '',
          repo.next_due ?? '',
          repo.why,
          repo.path,
        ],
      ),
    ],
    foot: report.generated_at,
  };
}

/** What may be worked on first, then what is not and what a person can do about it. */
function issueRows({ open, answered, refused }: IssuesPart): readonly (readonly string[])[] {
  return [
    ...(open > 0 ? [[String(open), 'to work on', '', '']] : []),
    ...(answered > 0
      ? [[String(answered), 'answered by what landed', '', 'close them, or change them']]
      : []),
    ...refused.map(({ count, why, repos, hint }) => [
      String(count),
      `not worked on: ${why}`,
      repos.join(', '),
      hint,
    ]),
  ];
}

/** How long before `now` something was. */
function sinceWhen(at: string, now: string): string {
  return spoken(Date.parse(now) - Date.parse(at));
}

/** 1234567 → `1 234 567`. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ' ');
}

function section<Item>(
  title: string,
  columns: readonly string[],
  empty: string | undefined,
  items: readonly Item[],
  row: (item: Item) => readonly string[],
): Section {
  return { title, columns, empty, rows: items.map((item) => row(item).map(oneLine)) };
}

function runRows(run: RunPart, report: StatusReport): readonly (readonly string[])[] {
  const lastSign = run.state === 'died' ? run.ticked_at : (run.ended_at ?? report.generated_at);
  const of = run.cycles === 0 ? 'until stopped' : `of ${run.cycles}`;
  return [
    ['id', run.id],
    ['state', run.state],
    [
      run.state === 'running' ? 'since' : 'began',
      `${run.started_at} (${sinceWhen(run.started_at, lastSign)})`,
    ],
    ['cycle', `${run.cycle} ${of}, ${run.repos_done} of ${run.repos_in_cycle} repositories done`],
    ['workers', `${report.workers.length} of ${run.parallel}, ${run.agent}`],
    ...(run.ended_at === null
      ? []
      : [['ended', `${run.ended_at}: ${run.stop_reason ?? ''} (exit ${run.exit_code ?? '?'})`]]),
    ...(report.asleep === null ? [] : [['asleep', report.asleep.sentence]]),
    ['logs', run.logs],
    ...run.warnings.slice(-5).map((warning) => ['warning', warning]),
  ];
}

function counts(title: string, numbers: object, run: RunPart | null): Section {
  const all = Object.entries(numbers).map(([name, count]) => [
    name.replaceAll('_', ' '),
    grouped(Number(count)),
  ]);
  return {
    title,
    columns: all.map(([name = '']) => name),
    empty: undefined,
    rows: run === null ? [] : [all.map(([, count = '']) => count)],
  };
}
