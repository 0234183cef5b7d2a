import type { Call } from '../http/route.ts';
import type { Attempt, Job, Repo, Run } from '../model.ts';
import { visibleRuns } from '../runs/attempts.ts';
import { numberParam } from './fields.ts';

/** The run that the path names, if it can be seen by now. */
export function runInPath(repo: Repo, call: Call): Run | undefined {
  const id = numberParam(call, 'run_id');
  return visibleRuns(repo.runs).find((run) => run.id === id);
}

/** A job of any attempt, with where it belongs. */
export function findJob(repo: Repo, id: number): { run: Run; attempt: Attempt; job: Job } | undefined {
  for (const run of visibleRuns(repo.runs)) {
    for (const attempt of run.attempts) {
      const job = attempt.jobs.find((each) => each.id === id);
      if (job !== undefined) return { run, attempt, job };
    }
  }
  return undefined;
}

/** The runs a list shows: newest first, filtered the way GitHub filters, at most 1,000 once filtered. */
export function listRuns(repo: Repo, query: URLSearchParams): Run[] {
  const wanted = (name: string): string | undefined => query.get(name) || undefined;
  const sha = wanted('head_sha');
  const status = wanted('status');
  const created = wanted('created');
  const suite = wanted('check_suite_id');
  const filters: ((run: Run, attempt: Attempt) => boolean)[] = [];
  // An abbreviated sha finds nothing and an empty one filters nothing: both are how GitHub answers.
  if (sha !== undefined) filters.push((run) => run.plan.headSha === sha);
  if (status !== undefined) {
    filters.push((_, attempt) => attempt.status === status || attempt.conclusion === status);
  }
  if (wanted('branch') !== undefined) filters.push((run) => run.plan.headBranch === wanted('branch'));
  if (wanted('event') !== undefined) filters.push((run) => run.plan.event === wanted('event'));
  if (wanted('actor') !== undefined) {
    filters.push((run) => run.actor.login.toLowerCase() === wanted('actor')?.toLowerCase());
  }
  if (suite !== undefined) filters.push((run) => String(run.suiteId) === suite);
  if (created !== undefined) filters.push((run) => inRange(run.createdAt, created));

  const rows = visibleRuns(repo.runs)
    .filter((run) => filters.every((filter) => filter(run, run.attempts.at(-1)!)))
    .reverse();
  return filters.length > 0 ? rows.slice(0, 1000) : rows;
}

/** `>=2026-01-01`, `2026-01-01..2026-02-01`, `*..x`, or a day. */
function inRange(at: Date, range: string): boolean {
  const [from, to] = range.split('..');
  if (to !== undefined) return after(at, from ?? '*') && before(at, to);
  const match = /^(>=|<=|>|<)?(.+)$/.exec(range);
  const sign = match?.[1];
  const moment = match?.[2] ?? '';
  if (sign === '>=' || sign === '>') return after(at, moment);
  if (sign === '<=' || sign === '<') return before(at, moment);
  return after(at, moment) && before(at, moment);
}

function after(at: Date, moment: string): boolean {
  return moment === '*' || at.getTime() >= Math.floor(Date.parse(moment) / 1000) * 1000;
}

function before(at: Date, moment: string): boolean {
  const wholeDay = /^\d{4}-\d\d-\d\d$/.test(moment) ? 86_400_000 : 1000;
  return moment === '*' || at.getTime() < Date.parse(moment) + wholeDay;
}
