import type { CommitStatus, Repo } from '../model.ts';
import { visibleRuns } from '../runs/attempts.ts';
import { newest } from '../runs/schedule.ts';
import { type Check, type Suite, suiteOfRun, suitesOfChecks } from './check.ts';

/** The checks of a commit, or of the repository: jobs of the newest attempts (or of all) and outside checks. */
export function checksOf(repo: Repo, sha: string | undefined, all: boolean): Check[] {
  const ofRuns = visibleRuns(repo.runs)
    .filter((run) => sha === undefined || run.plan.headSha === sha)
    .flatMap((run) =>
      (all ? run.attempts : [newest(run)]).flatMap((attempt) =>
        attempt.jobs.map((job): Check => ({ kind: 'job', run, attempt, job })),
      ),
    );
  const outside = repo.checks
    .filter((check) => sha === undefined || check.headSha === sha)
    .map((check): Check => ({ kind: 'external', check }));
  return [...ofRuns, ...outside].reverse();
}

export function suitesOf(repo: Repo, sha?: string): Suite[] {
  const ofRuns = visibleRuns(repo.runs).map((run) => suiteOfRun(run, newest(run)));
  return [...ofRuns, ...suitesOfChecks(repo.checks)].filter(
    (suite) => sha === undefined || suite.headSha === sha,
  );
}

/** The newest status of each context, newest first. */
export function latestStatuses(repo: Repo, sha: string): CommitStatus[] {
  const byContext = new Map<string, CommitStatus>();
  for (const status of repo.statuses) if (status.sha === sha) byContext.set(status.context, status);
  return [...byContext.values()].reverse();
}

/** With no status at all the answer is pending, which reads like a promise and is none. */
export function combined(statuses: readonly CommitStatus[]): 'failure' | 'pending' | 'success' {
  if (statuses.some(({ state }) => state === 'failure' || state === 'error')) return 'failure';
  return statuses.length === 0 || statuses.some(({ state }) => state === 'pending') ? 'pending' : 'success';
}
