import type { Repo } from '../domain/repo.ts';
import type { SessionView } from '../ledger/views.ts';

/** A repository that left the portfolio while a session of it was open. */
export function formerRepo(session: SessionView): Repo {
  return {
    name: session.repo,
    path: session.path,
    branch: session.target ?? '',
    objective: '',
    lastCommit: undefined,
    pinned: false,
    ignored: false,
    missing: false,
    options: {},
  };
}
