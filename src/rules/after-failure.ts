import type { SessionFailure } from '../domain/failure.ts';
import type { SessionEnd } from '../domain/session-state.ts';

/** How a session ends that failed this way. A new kind of failure does not compile until someone has decided. */
export function endAfter(failure: SessionFailure): SessionEnd {
  switch (failure.kind) {
    case 'repo-busy':
      return { state: 'skipped', why: `another session holds the repository: ${failure.holder}` };
    case 'repo-unusable':
      return { state: 'blocked', blockedBy: 'environment', why: withHint(failure) };
    case 'workspace-unusable':
      return { state: 'blocked', blockedBy: 'environment', why: withHint(failure) };
    case 'remote-unreachable':
      return { state: 'failed', why: withHint(failure) };
    case 'landing-unreachable':
      return { state: 'blocked', blockedBy: 'environment', why: withHint(failure) };
    case 'access-refused':
      return { state: 'blocked', blockedBy: 'access', why: withHint(failure) };
    case 'agent-failed':
      return { state: 'failed', why: failure.message };
    case 'agent-limited':
      return { state: 'blocked', blockedBy: 'limit', why: failure.message };
    case 'agent-auth':
      return { state: 'blocked', blockedBy: 'access', why: failure.message };
    case 'agent-silent':
      return { state: 'blocked', blockedBy: 'agent', why: failure.message };
    case 'answer-unreadable':
      return { state: 'failed', why: failure.message };
    case 'gate-refused':
      return {
        state: 'rejected',
        why: failure.findings.map((finding) => `${finding.gate}: ${finding.message}`).join('; '),
      };
    case 'tasks-rejected':
      return { state: 'rejected', why: failure.message };
    case 'conflict':
      return { state: 'rejected', why: failure.message };
    case 'tip-kept-moving':
      return {
        state: 'rejected',
        why: `the branch moved before each of ${failure.attempts} attempts to land`,
      };
    case 'checkout-in-the-way':
      return { state: 'blocked', blockedBy: 'human', why: failure.message };
    case 'lease-lost':
      return { state: 'failed', why: failure.message };
    case 'held-for-review':
      return { state: 'blocked', blockedBy: 'human', why: failure.message };
    case 'interrupted':
      return { state: 'interrupted', why: failure.message };
  }
}

/** Whether the failure belongs to the agent's account rather than to this session: then everything of it parks. */
export function parksAgent(
  failure: SessionFailure,
): failure is Extract<SessionFailure, { kind: 'agent-limited' | 'agent-auth' }> {
  return failure.kind === 'agent-limited' || failure.kind === 'agent-auth';
}

/** What happened, and after it what to do. */
function withHint({ message, hint }: { message: string; hint: string }): string {
  if (hint === '') return message;
  if (/[.!?:;]$/.test(message)) return `${message} ${hint}`;
  return /^[A-Z]/.test(hint) ? `${message}. ${hint}` : `${message}; ${hint}`;
}
