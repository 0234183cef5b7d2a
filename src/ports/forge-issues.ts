import type { Actor, IssueHistory, IssueRow } from '../domain/issue.ts';
import type { Result } from '../domain/result.ts';
import type { ForgeFailure, Slug } from './forge-failure.ts';

/** Open issues, the last changed first. */
export interface OpenIssues {
  readonly rows: readonly IssueRow[];
  /** False: there are more than were read. */
  readonly complete: boolean;
}

/** One issue by its place. */
export interface IssuePlace {
  readonly slug: Slug;
  readonly number: number;
}

/** What we ask of GitHub about issues. Comments are never asked for. */
export interface ForgeIssues {
  /** Whose token it is; asked once. */
  viewer(): Promise<Result<Actor & { readonly login: string }, ForgeFailure>>;
  /** Of all repositories that the token belongs to: one conditional request while nothing changed. */
  open(): Promise<Result<OpenIssues, ForgeFailure>>;
  openOf(slug: Slug): Promise<Result<OpenIssues, ForgeFailure>>;
  /** Who changed them since they were opened, by `placeKey`. What is missing could not be read whole. */
  histories(places: readonly IssuePlace[]): Promise<Result<ReadonlyMap<string, IssueHistory>, ForgeFailure>>;
  /** Numbers of repositories by slug, as asked; renames are followed. What is missing is not there for the token. */
  repositoryIds(slugs: readonly Slug[]): Promise<Result<ReadonlyMap<Slug, number>, ForgeFailure>>;
}

/** The key of a place in the answers. */
export function placeKey({ slug, number }: IssuePlace): string {
  return `${slug}#${number}`;
}
