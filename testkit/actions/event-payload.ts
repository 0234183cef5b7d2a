import { isZero } from './changed-files.ts';
import { refName } from './contexts.ts';
import type { PushedCommit } from './read-commit.ts';
import type { PushEvent } from './types.ts';
import type { Mapping } from './workflow.ts';

/** What GitHub would send with the event: github.event, and the file at GITHUB_EVENT_PATH. */
export function eventPayload(push: PushEvent, commit: PushedCommit, inputs: Mapping): Mapping {
  const [owner = '', name = ''] = push.repository.split('/');
  const shared: Mapping = {
    ref: push.ref,
    repository: { name, full_name: push.repository, owner: { login: owner } },
    sender: { login: push.actor },
  };
  switch (push.event) {
    case 'push':
      return { ...shared, ...pushPart(push, commit) };
    case 'pull_request':
      return { ...shared, ...pullPart(push) };
    case 'workflow_dispatch':
      return { ...shared, inputs };
  }
}

function pushPart(push: PushEvent, commit: PushedCommit): Mapping {
  const headCommit = { id: commit.sha, message: commit.message.trimEnd(), author: { ...commit.author } };
  return {
    before: push.before,
    after: push.after,
    created: isZero(push.before),
    deleted: false,
    forced: false,
    pusher: { name: push.actor },
    head_commit: headCommit,
    commits: [headCommit],
  };
}

function pullPart(push: PushEvent): Mapping {
  const number = Number(/^refs\/pull\/(\d+)\//.exec(push.ref)?.[1] ?? 0);
  return {
    action: isZero(push.before) ? 'opened' : 'synchronize',
    number,
    pull_request: {
      number,
      draft: false,
      head: { ref: refName(push.ref), sha: push.after },
      base: { ref: refName(push.baseRef ?? ''), sha: push.before },
    },
  };
}
