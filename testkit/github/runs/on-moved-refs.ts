import type { MovedRef } from '../git/answer-git.ts';
import { zeroSha } from '../git/git.ts';
import type { Issue, Repo, User } from '../model.ts';
import { fullName } from '../state.ts';
import type { World } from '../world.ts';

/** What happens after refs moved: the repository was pushed, pull requests follow their head, runs start. */
export function onMovedRefs(world: World, repo: Repo, by: User, moved: readonly MovedRef[]): void {
  if (moved.length === 0) return;
  repo.pushedAt = new Date();
  repo.updatedAt = repo.pushedAt;
  for (const { ref, before, after } of moved) {
    if (after === zeroSha) continue;
    if (!/^refs\/(heads|tags)\//.test(ref)) continue;
    world.starter.start(repo, by, {
      gitDir: repo.gitDir,
      ref,
      before,
      after,
      repository: fullName(repo),
      actor: by.login,
      event: 'push',
    });
    for (const issue of openPullsFrom(repo, ref)) {
      world.runs.during(
        followHead(world, repo, issue, after).then(() => {
          startPullRuns(world, repo, issue, by);
        }),
      );
    }
  }
}

/** Starts the `pull_request` runs of an open pull request. */
export function startPullRuns(world: World, repo: Repo, issue: Issue, by: User): void {
  const { pull } = issue;
  if (pull === null) return;
  world.starter.start(
    repo,
    by,
    {
      gitDir: repo.gitDir,
      ref: `refs/heads/${pull.head}`,
      before: pull.baseSha,
      after: pull.headSha,
      repository: fullName(repo),
      actor: by.login,
      event: 'pull_request',
      baseRef: pull.base,
    },
    { pullNumber: issue.number },
  );
}

async function followHead(world: World, repo: Repo, issue: Issue, sha: string): Promise<void> {
  if (issue.pull === null) return;
  issue.pull.headSha = sha;
  issue.updatedAt = new Date();
  await world.git.must(repo.gitDir, ['update-ref', `refs/pull/${String(issue.number)}/head`, sha]);
}

function openPullsFrom(repo: Repo, ref: string): Issue[] {
  const branch = ref.replace(/^refs\/heads\//, '');
  return [...repo.issues.values()].filter((issue) => issue.state === 'open' && issue.pull?.head === branch);
}
