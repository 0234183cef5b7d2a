import { describe, expect, it } from 'vitest';
import type { SessionFailure } from '../domain/failure.ts';
import type { EndState } from '../domain/session-state.ts';
import { endAfter, parksAgent } from './after-failure.ts';

describe('a session that failed', () => {
  it.each<[SessionFailure, EndState, string | undefined]>([
    [{ kind: 'repo-busy', holder: 'run x' }, 'skipped', undefined],
    [{ kind: 'repo-unusable', message: 'm', hint: 'h' }, 'blocked', 'environment'],
    [{ kind: 'workspace-unusable', message: 'm', hint: '' }, 'blocked', 'environment'],
    [{ kind: 'remote-unreachable', message: 'm', hint: '' }, 'failed', undefined],
    [{ kind: 'landing-unreachable', message: 'm', hint: '' }, 'blocked', 'environment'],
    [{ kind: 'access-refused', message: 'm', hint: '' }, 'blocked', 'access'],
    [{ kind: 'agent-failed', message: 'm', retryable: true }, 'failed', undefined],
    [{ kind: 'agent-limited', until: 5, message: 'm' }, 'blocked', 'limit'],
    [{ kind: 'agent-auth', message: 'm' }, 'blocked', 'access'],
    [{ kind: 'agent-silent', message: 'm' }, 'blocked', 'agent'],
    [{ kind: 'answer-unreadable', message: 'm' }, 'failed', undefined],
    [
      { kind: 'gate-refused', findings: [{ gate: 'secrets', severity: 'P0', message: 'x', hint: '' }] },
      'rejected',
      undefined,
    ],
    [{ kind: 'tasks-rejected', message: 'm' }, 'rejected', undefined],
    [{ kind: 'conflict', message: 'm' }, 'rejected', undefined],
    [{ kind: 'tip-kept-moving', attempts: 5 }, 'rejected', undefined],
    [{ kind: 'checkout-in-the-way', message: 'm' }, 'blocked', 'human'],
    [{ kind: 'lease-lost', message: 'm' }, 'failed', undefined],
    [{ kind: 'held-for-review', message: 'm' }, 'blocked', 'human'],
    [{ kind: 'interrupted', message: 'm' }, 'interrupted', undefined],
  ])('by $kind ends %s', (failure, state, blockedBy) => {
    const end = endAfter(failure);
    expect(end.state).toBe(state);
    expect(end.blockedBy).toBe(blockedBy);
    expect(end.why).not.toBe('');
  });

  it.each<[message: string, hint: string, why: string]>([
    ['git said no', 'check the token', 'git said no; check the token'],
    ['git said no', 'The commits are kept.', 'git said no. The commits are kept.'],
    ['Git said no.', 'check the token', 'Git said no. check the token'],
    ['git said no', '', 'git said no'],
  ])('says after “%s” what to do: “%s”', (message, hint, why) => {
    expect(endAfter({ kind: 'access-refused', message, hint }).why).toBe(why);
  });

  it('parks the agent only where the account is the cause', () => {
    expect(parksAgent({ kind: 'agent-limited', until: 1, message: '' })).toBe(true);
    expect(parksAgent({ kind: 'agent-auth', message: '' })).toBe(true);
    expect(parksAgent({ kind: 'agent-silent', message: '' })).toBe(false);
  });
});
