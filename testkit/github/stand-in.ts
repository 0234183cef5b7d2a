import type { Fault } from './http/faults.ts';
import type { RecordedRequest } from './http/journal.ts';
import type { Resource } from './http/rate-limit.ts';
import type { Comment, Issue, Permission, Repo, Run, User } from './model.ts';
import type { Script } from './runs/script.ts';

/** An issue by place: `{ repository: 'alice/demo', number: 7 }`. */
export interface IssuePlace {
  readonly repository: string;
  readonly number: number;
}

export interface NewUser {
  readonly login: string;
  /** What the user proves itself with; made up when left out. `github_pat_…` is a fine-grained token. */
  readonly token?: string | undefined;
  /** Scopes of a classic token; everything when left out. */
  readonly scopes?: readonly string[] | undefined;
  readonly type?: User['type'] | undefined;
  readonly id?: number | undefined;
}

export interface NewRepo {
  readonly owner: string;
  readonly name: string;
  readonly private?: boolean | undefined;
  readonly description?: string | undefined;
  readonly defaultBranch?: string | undefined;
  /** A local git repository whose branches and tags are taken over; nothing runs for them. */
  readonly seedFrom?: string | undefined;
  readonly collaborators?: readonly { readonly login: string; readonly permission: Permission }[] | undefined;
  /** Pushes to these are refused with GH006; pull requests may still be merged. */
  readonly protectedBranches?: readonly string[] | undefined;
}

export interface NewIssue {
  readonly repository: string;
  /** Who writes it; null is a deleted account. */
  readonly author: string | null;
  readonly title: string;
  readonly body?: string | undefined;
  readonly labels?: readonly string[] | undefined;
  readonly assignees?: readonly string[] | undefined;
  /** Written through a GitHub App on behalf of the author. */
  readonly viaApp?: { readonly id: number; readonly slug: string } | undefined;
  readonly viaEmail?: boolean | undefined;
}

/** GitHub, as far as `clone` and its tests need it, on this machine. */
export interface GitHubStandIn extends AsyncDisposable {
  /** The root: git is at url/owner/name.git, and REST below it too. */
  readonly url: string;
  /** The root of REST, as on GitHub Enterprise: url/api/v3. */
  readonly apiUrl: string;
  readonly folder: string;
  /** Everything that was asked, oldest first, without tokens. */
  readonly requests: readonly RecordedRequest[];
  /** Answers of ours that did not fit GitHub's schemas; always empty unless `validate` is on and we are wrong. */
  readonly invalidBodies: readonly string[];

  addUser(user: NewUser): User & { readonly token: string };
  /** Another token for a user. */
  addToken(token: {
    login: string;
    token?: string | undefined;
    scopes?: readonly string[] | undefined;
  }): string;
  addRepo(repo: NewRepo): Promise<Repo>;
  repo(repository: string): Repo;
  addIssue(issue: NewIssue): Issue;
  issue(place: IssuePlace): Issue;
  /** Rewrites the body as somebody. */
  editIssue(place: IssuePlace & { as: string | null; body: string }): Issue;
  renameIssue(place: IssuePlace & { as: string | null; title: string }): Issue;
  /** Moves it; the answer has the new place. */
  transferIssue(place: IssuePlace & { as: string | null; to: string }): Issue;
  deleteIssue(place: IssuePlace): void;
  addComment(place: IssuePlace & { author: string | null; body: string }): Comment;
  editComment(comment: { id: number; as: string | null; body: string }): Comment;

  fault(fault: Fault): void;
  clearFaults(): void;
  /** Runs can be seen this long after their push. */
  visibility(ms: number): void;
  /** Dictates how jobs end; undefined for all of them runs everything for real again. */
  script(script: Script | undefined): void;
  /** Says what is left of somebody's rate limit. */
  rateLimit(change: {
    login: string;
    resource?: Resource | undefined;
    remaining?: number | undefined;
    resetInSeconds?: number | undefined;
  }): void;
  /** Makes the logs of a run (or of all runs) answer 410. */
  expireLogs(repository: string, runId?: number): void;
  /** How long links to logs live. */
  logLinkLifetime(ms: number): void;

  /** All runs of a repository, the invisible ones too, oldest first. */
  runs(repository: string): readonly Run[];
  /** Resolves when nothing is being planned, queued or running. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

export interface GitHubOptions {
  /** Below it the bare repositories are kept; a temporary folder, removed at the end, when left out. */
  readonly folder?: string | undefined;
  /** A free one when left out. */
  readonly port?: number | undefined;
  /** Requests per hour and user; 5,000 when left out. */
  readonly rateLimit?: number | undefined;
  /** Checks every answer against GitHub's own schemas: a wrong one becomes a loud 500. Needs ajv. */
  readonly validate?: boolean | undefined;
  /** How many jobs run at a time; 4 when left out. */
  readonly maxParallelJobs?: number | undefined;
}
