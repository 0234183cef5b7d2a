import pLimit from 'p-limit';
import type { History, HistoryCommit, RepoHistory } from '../../ports/history.ts';
import { createRunGit, type RunGit } from '../git/run-git.ts';

const atOnce = 4;
const mostBytes = 64 * 1024 * 1024;

/** The history of repositories by `git log`: HEAD, the branch, and what was last seen of it on the remote. */
export function gitHistory(environment: Readonly<Record<string, string | undefined>>): History {
  const git = createRunGit(environment);
  return {
    async since(repos, since, stop) {
      const limit = pLimit(atOnce);
      const read = repos.map((repo) =>
        limit(() => (stop.aborted ? unread(repo.name, 'interrupted') : historyOf(git, repo, since))),
      );
      return Promise.all(read);
    },
  };
}

async function historyOf(
  git: RunGit,
  { name, path, branch }: { name: string; path: string; branch: string },
  since: number,
): Promise<RepoHistory> {
  const branches = branch === '' ? [] : [`--glob=refs/heads/${branch}`, `--glob=refs/remotes/*/${branch}`];
  const args = [
    'log',
    '-z',
    `--since=@${Math.floor(since / 1000)}`,
    `--format=${format}`,
    ...branches,
    'HEAD',
    '--',
  ];
  const call = { cwd: path, asUser: true, settings: quiet, maxBytes: mostBytes, timeoutMs: 60_000 };
  try {
    const said = await git(args, call);
    if (said.ok)
      return { repo: name, commits: said.stdout.split('\0').flatMap(commitOf), problem: undefined };
    if (/bad revision 'HEAD'|does not have any commits/.test(said.stderr))
      return { repo: name, commits: [], problem: undefined };
    return unread(name, said.stderr.trim().split('\n')[0] ?? 'git log failed');
  } catch (error) {
    return unread(name, error instanceof Error ? error.message : String(error));
  }
}

function unread(repo: string, problem: string): RepoHistory {
  return { repo, commits: [], problem };
}

/** A signature is checked by a program of the user's; nobody asked for that here. */
const quiet = [
  ['log.showSignature', 'false'],
  ['log.mailmap', 'true'],
] as const;

const format = ['%H', '%ct', '%an', '%s', '%(trailers:key=Clone-Session,valueonly,separator=%x2C)'].join(
  '%x1f',
);

function commitOf(record: string): readonly HistoryCommit[] {
  const [sha = '', at = '', author = '', subject = '', session = ''] = record.split('\x1f');
  if (!/^[0-9a-f]{40,64}$/.test(sha)) return [];
  const ours = session.trim();
  return [{ sha, at: Number(at) * 1000, author, subject, session: ours === '' ? undefined : ours }];
}
