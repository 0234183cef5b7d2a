import type { Sha } from './repo.ts';

/** The parts of a repository in which news can be, as people are told of them. */
export const fingerprintParts = [
  'commits',
  'objective',
  'prompts',
  'backlog',
  'memory',
  'issues',
  'ci',
  'entry',
  'options',
  'local',
  'tracked',
] as const;
export type FingerprintPart = (typeof fingerprintParts)[number];

/**
 * What a repository looked like, in parts: each is a short digest or a commit id, '' when there is nothing of the kind.
 * A part that was not looked at is left out.
 *
 * `commits`: the tip of the branch as the remote has it (without a remote: as it is). `backlog`: the open items of
 * CLONE_FEATURES.md. `memory`: PROJECT_MEMORY.md; '' also while it is too long and nobody has compacted it.
 * `entry`, `options`: what a person wrote. `local`, `tracked`: the branch in the person's own repository, and what that
 * knows of the remote.
 */
export type Fingerprint = Readonly<Partial<Record<FingerprintPart, string>>>;

/** What is known of a remote's branch since it was asked last. */
export interface RemoteLook {
  /** Undefined: it never answered. */
  readonly tip: Sha | undefined;
  /** The forge's own word of the last push, as it was when we asked. */
  readonly pushedAt: number | undefined;
  readonly askedAt: number;
  /** How often it was asked since the last visit. */
  readonly asks: number;
  /** What the person had done by then: a digest. */
  readonly hand: string;
  /** Why it could not be asked, in words. */
  readonly problem: string | undefined;
}

/** What of it a person's hand moves without being a reason to start an agent: it only ends a rest. */
export function handOf({ entry = '', local = '', tracked = '' }: Fingerprint): string {
  return [entry, local, tracked].join(' ');
}
