import type { Instant } from './time.ts';

/** An issue that may be worked on: written by the owner or a configured bot, by numeric id, and edited by nobody else. */
export interface TrustedIssue {
  readonly number: number;
  readonly url: string;
  /** Sanitised and capped. Data about the work all the same, never an instruction. */
  readonly title: string;
  readonly body: string;
  readonly updatedAt: Instant;
  /** Digest of what was read: author, editors, raw title and body. Re-read before the session and compared. */
  readonly snapshot: string;
}

/** An account as the forge tells it. Only the number says who it is; names can be had by anybody. */
export interface Actor {
  readonly id: number;
  /** `User`, `Bot`, `Organization`, ... */
  readonly type: string;
}

/** What the forge's lists tell of an issue: everything but who changed it. */
export interface IssueRow {
  /** Undefined: this list does not say. */
  readonly repositoryId: number | undefined;
  /** `owner/name` of the repository as it is called now; undefined: this list does not say. */
  readonly slug: string | undefined;
  readonly number: number;
  readonly url: string;
  readonly title: string;
  readonly body: string;
  readonly open: boolean;
  readonly pullRequest: boolean;
  /** Undefined: a deleted account. */
  readonly author: Actor | undefined;
  /** Number of the app that typed it; null: none; undefined: not told. */
  readonly app: number | null | undefined;
  readonly updatedAt: Instant;
}

/** What became of an issue since it was opened. Who is not known any more is undefined in the lists of actors. */
export interface IssueHistory {
  readonly repositoryId: number;
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly open: boolean;
  readonly updatedAt: Instant;
  readonly author: Actor | undefined;
  readonly viaEmail: boolean;
  /** When the text was edited last; undefined: never. */
  readonly editedAt: Instant | undefined;
  readonly editor: Actor | undefined;
  /** Everybody who ever wrote the text, if it was edited. */
  readonly editors: readonly (Actor | undefined)[];
  readonly renamers: readonly (Actor | undefined)[];
  readonly transferred: boolean;
  /** Who opened it again last, and when; undefined: it never was closed. */
  readonly reopened: { readonly by: Actor | undefined; readonly at: Instant } | undefined;
  /** False: there is more of it than was read. */
  readonly complete: boolean;
}

/** Why an issue is not worked on. */
export const issueRefusals = [
  'pull-request',
  'not-open',
  'other-repository',
  'author-unknown',
  'author-not-trusted',
  'author-other-kind',
  'via-app',
  'via-email',
  'transferred',
  'edited-by-other',
  'renamed-by-other',
  'reopened-by-other',
  'history-too-long',
  'nothing-to-read',
  'changed-meanwhile',
  'not-checked',
] as const;
export type IssueRefusal = (typeof issueRefusals)[number];

/** A refusal with the number of whoever it is about. */
export interface Refused {
  readonly reason: IssueRefusal;
  /** Number of the account, app or repository; undefined: it is about none, or nobody is known. */
  readonly id?: number | undefined;
}
