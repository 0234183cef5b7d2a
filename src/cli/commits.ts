import { Command } from 'commander';
import { compareText } from '../domain/compare-text.ts';
import { isoUtc } from '../domain/time.ts';
import type { HistoryCommit, RepoHistory } from '../ports/history.ts';
import { oneLine } from '../status/one-line.ts';
import type { CommonFlags } from './context.ts';
import { sinceOption } from './durations.ts';
import { readRepos } from './find-repo.ts';
import { homeToLook, look, type SeeingContext } from './seeing-context.ts';
import { alignRows } from './table.ts';

interface CommitsFlags extends CommonFlags {
  readonly since: number;
  readonly count?: boolean;
}

/** `clone commits`: what was committed in the whole portfolio, newest first. */
export function commitsCommand(context: SeeingContext): Command {
  return new Command('commits')
    .summary('what was committed in all repositories, newest first')
    .description('Reads the history of every repository of the portfolio. Commits of ours are marked with *.')
    .addOption(sinceOption())
    .option('--count', 'only how many in each repository')
    .option('--json', 'one JSON object')
    .addHelpText('after', '\nExample:\n  clone commits --since 8h')
    .action(
      look(context, async (flags: CommitsFlags) => {
        const home = await homeToLook(context, flags);
        const seeing = await context.seeingOf(home);
        const repos = (await readRepos(context, home)).filter(({ ignored, missing }) => !ignored && !missing);
        const since = context.now() - flags.since;
        const histories = await seeing.history.since(repos, since, new AbortController().signal);
        for (const line of flags.json
          ? [asJson(histories, { since, now: context.now(), count: flags.count })]
          : asText(histories, flags)) {
          context.print(line);
        }
        for (const { repo, problem } of histories) {
          if (problem !== undefined && !flags.json)
            context.complain(`warning: ${repo} could not be read: ${oneLine(problem)}`);
        }
        return undefined;
      }),
    );
}

interface Line extends HistoryCommit {
  readonly repo: string;
}

function newestFirst(histories: readonly RepoHistory[]): readonly Line[] {
  return histories
    .flatMap(({ repo, commits }) => commits.map((commit) => ({ repo, ...commit })))
    .toSorted((a, b) => b.at - a.at);
}

function counts(
  histories: readonly RepoHistory[],
): readonly { repo: string; commits: number; ours: number }[] {
  return histories
    .map(({ repo, commits }) => ({
      repo,
      commits: commits.length,
      ours: commits.filter(({ session }) => session !== undefined).length,
    }))
    .toSorted((a, b) => b.commits - a.commits || compareText(a.repo, b.repo));
}

function asText(histories: readonly RepoHistory[], { count }: CommitsFlags): readonly string[] {
  const counted = counts(histories).filter(({ commits }) => commits > 0);
  const total = counted.reduce((sum, { commits }) => sum + commits, 0);
  const lines = newestFirst(histories).map(({ at, repo, sha, author, subject, session }) => [
    isoUtc(at),
    oneLine(repo),
    `${sha.slice(0, 10)}${session === undefined ? ' ' : '*'}`,
    oneLine(author),
    oneLine(subject),
  ]);
  const sums = counted.map(({ repo, commits, ours }) => [
    String(commits),
    oneLine(repo),
    ours === 0 ? '' : `${ours} of ours`,
  ]);
  return [
    ...(count ? [] : alignRows(lines)),
    ...(count || lines.length === 0 ? [] : ['']),
    ...alignRows(sums),
    `${total} ${total === 1 ? 'commit' : 'commits'} in ${counted.length} of ${histories.length} repositories`,
  ];
}

function asJson(
  histories: readonly RepoHistory[],
  { since, now, count }: { since: number; now: number; count: boolean | undefined },
): string {
  const commits = newestFirst(histories).map(({ at, repo, sha, author, subject, session }) => ({
    at: isoUtc(at),
    repo,
    sha,
    author,
    subject,
    ours: session !== undefined,
    session: session ?? null,
  }));
  const problems = histories.flatMap(({ repo, problem }) =>
    problem === undefined ? [] : [{ repo, problem }],
  );
  const answer = {
    schema_version: 1,
    generated_at: isoUtc(now),
    since: isoUtc(since),
    total: commits.length,
    ...(count ? {} : { commits }),
    counts: counts(histories),
    problems,
  };
  return JSON.stringify(answer, null, 2);
}
