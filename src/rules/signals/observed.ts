import type { Fingerprint, RemoteLook } from '../../domain/fingerprint.ts';
import type { Sha } from '../../domain/repo.ts';
import type { Instant } from '../../domain/time.ts';
import type { LastVisit } from '../standing.ts';

/** What the ledger knows of a repository when plain code asks whether there is anything to do. */
export interface Known {
  /** Undefined: it was never visited. */
  readonly last: LastVisit | undefined;
  /** What the last visit found when it began. */
  readonly seen: Fingerprint | undefined;
  readonly remote: RemoteLook | undefined;
  /** The last commit that we landed. */
  readonly landed: Sha | undefined;
  /** Undefined: CI says nothing against the branch. */
  readonly red: RedBranch | undefined;
  /** Its own landing still waits for CI, and somebody watches. */
  readonly watched: boolean;
  /** The session that waits for a person's decision; until then a further visit would only make more of it. */
  readonly held: string | undefined;
  /** The session whose accepted work waits for its remote: a visit would begin below it, and do it once more. */
  readonly toLand: string | undefined;
}

/** What is found now, by reading files and by one question to the forge. */
export interface Observed {
  readonly at: Instant;
  /** When the run began; undefined: nobody runs, a person only asks. */
  readonly runBegan: Instant | undefined;
  /** The person named it on the command line. */
  readonly named: boolean;
  readonly tasks: readonly { readonly title: string; readonly priority: number; readonly now: boolean }[];
  readonly issues: readonly { readonly number: number }[];
  /** Open items of CLONE_FEATURES.md. */
  readonly backlogItems: number;
  readonly memoryLines: number;
  readonly memoryLimit: number;
  /** `commits` only where the tip is known without asking a remote, or after it was asked. */
  readonly parts: Fingerprint;
  readonly remote: RemoteNews;
}

/** What is known of the remote before it is asked. */
export type RemoteNews =
  /** There is none: everything is in the files. */
  | { readonly is: 'none' }
  /** The forge told when somebody pushed last. */
  | { readonly is: 'told'; readonly pushedAt: Instant }
  | { readonly is: 'untold' }
  /** It was asked just now. Problem: it did not answer; refused: since we lack the right, or the token is wrong. */
  | { readonly is: 'asked'; readonly problem: string | undefined; readonly refused?: boolean | undefined };

/** A branch that is red, whoever pushed. */
export interface RedBranch {
  readonly sha: Sha;
  /** As far as they are known: anybody's words. */
  readonly jobs: readonly string[];
}
