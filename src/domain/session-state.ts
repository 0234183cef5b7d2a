import type { BlockedBy } from './failure.ts';

export const workingStates = [
  'queued',
  'setup',
  'active',
  'completed_unreviewed',
  'accepted',
  'merged',
  'pushed',
] as const;
export const endStates = [
  'cleaned',
  'no_work',
  'skipped',
  'rejected',
  'blocked',
  'failed',
  'interrupted',
  'abandoned',
] as const;

export type SessionState = (typeof workingStates)[number] | (typeof endStates)[number];
export type EndState = (typeof endStates)[number];

/** Where each state may go. Anything else is a bug and is refused by the ledger. */
const next: Readonly<Record<SessionState, readonly SessionState[]>> = {
  queued: ['setup', 'skipped', 'blocked', 'failed', 'interrupted', 'abandoned'],
  setup: ['active', 'blocked', 'failed', 'interrupted', 'abandoned'],
  active: ['completed_unreviewed', 'no_work', 'rejected', 'blocked', 'failed', 'interrupted', 'abandoned'],
  completed_unreviewed: ['accepted', 'rejected', 'blocked', 'failed', 'interrupted', 'abandoned'],
  accepted: ['merged', 'rejected', 'blocked', 'failed', 'interrupted', 'abandoned'],
  merged: ['accepted', 'pushed', 'rejected', 'blocked', 'failed', 'interrupted', 'abandoned'],
  pushed: ['cleaned'],
  cleaned: [],
  no_work: [],
  skipped: [],
  rejected: [],
  blocked: ['accepted', 'rejected', 'abandoned'],
  failed: ['abandoned'],
  interrupted: ['setup', 'active', 'accepted', 'pushed', 'rejected', 'abandoned', 'failed', 'blocked'],
  abandoned: [],
};

export function mayFollow(from: SessionState, to: SessionState): boolean {
  return next[from].includes(to);
}

export function isEnd(state: SessionState): state is EndState {
  return (endStates as readonly string[]).includes(state);
}

/** How a session ended, with the type of a block. */
export interface SessionEnd {
  readonly state: EndState;
  readonly blockedBy?: BlockedBy | undefined;
  readonly why: string;
}
