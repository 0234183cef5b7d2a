import { sameName } from './repo-name.ts';

/** A repository of the forge as far as it decides whether it may become the idea's. */
export interface FoundRemote {
  /** `owner/name`, as the forge calls it now. */
  readonly slug: string;
  readonly private: boolean;
  readonly archived: boolean;
  readonly description: string;
  /** Tips of its branches; empty: nothing was ever pushed. */
  readonly branches: ReadonlyMap<string, string>;
}

export type Adoption =
  | { readonly is: 'create' }
  | { readonly is: 'adopt'; readonly pushed: boolean }
  | { readonly is: 'blocked'; readonly why: string; readonly hint: string };

/** The words in a description by which a repository of ours is known again. */
export function markOf(idea: string): string {
  return `[clone idea: ${idea}]`;
}

/**
 * Whether a repository of that name is the one that we began to make: private, ours by the mark in its
 * description, and empty or holding our commit and nothing else. Anything else is somebody's, and stays as it is.
 */
export function adoptRemote(
  found: FoundRemote | undefined,
  ours: {
    readonly slug: string;
    readonly idea: string;
    readonly sha: string;
  },
): Adoption {
  if (found === undefined) return { is: 'create' };
  const hint = 'give the idea another repo_name, or rename that repository';
  if (!sameName(found.slug, ours.slug))
    return blocked(`${ours.slug} on GitHub leads to ${found.slug}, which was renamed`, hint);
  if (!found.private) return blocked(`${found.slug} exists on GitHub and is public`, hint);
  if (found.archived) return blocked(`${found.slug} exists on GitHub and is archived`, hint);
  if (!found.description.includes(markOf(ours.idea)))
    return blocked(`${found.slug} exists on GitHub and is not ours`, hint);
  const tips = [...found.branches.values()];
  if (tips.length === 0) return { is: 'adopt', pushed: false };
  if (tips.length === 1 && found.branches.get('main') === ours.sha) return { is: 'adopt', pushed: true };
  return blocked(`${found.slug} exists on GitHub and holds commits that are not ours`, hint);
}

function blocked(why: string, hint: string): Adoption {
  return { is: 'blocked', why, hint };
}
