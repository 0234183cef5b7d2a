import type { SessionFailure } from '../domain/failure.ts';
import type { GitFailure } from '../ports/mirrors.ts';
import { endAfter } from '../rules/after-failure.ts';

/** What git refused us inside our own folders, as the session's failure. */
export function workspaceFailure(failure: GitFailure): SessionFailure {
  return { kind: 'workspace-unusable', message: failure.message, hint: '' };
}

/** A failure in one sentence. */
export function wordsOf(failure: SessionFailure): string {
  return 'message' in failure ? failure.message : endAfter(failure).why;
}
