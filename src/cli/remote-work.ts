import type { Instant } from '../domain/time.ts';
import type { FoundRepo } from '../ports/discovery.ts';
import { type ActivityWindow, isActive } from '../rules/membership.ts';
import type { Home } from './context.ts';
import type { FrontContext } from './front-context.ts';

/** A repository on this disk, and when somebody pushed to its remote last, as far as GitHub was asked. */
export type WorkedOn = FoundRepo & { readonly remotePushedAt?: Instant | undefined };

/**
 * Adds when somebody pushed last to those that look quiet from here. GitHub is asked once for all of them, and only
 * when there is such a one with a remote elsewhere, and a token.
 */
export async function withRemoteWork(
  context: FrontContext,
  home: Home,
  repos: readonly FoundRepo[],
  window: ActivityWindow,
): Promise<readonly WorkedOn[]> {
  const isAsked = (repo: FoundRepo): boolean => !isActive(repo, window) && isElsewhere(repo.remoteUrl);
  if (!repos.some(isAsked)) return repos;
  const held = await context.forge(home);
  if (!held) return repos;
  const { forge } = held;
  const slugs = new Map(repos.filter(isAsked).map((repo) => [repo, forge.slugOf(repo.remoteUrl ?? '')]));
  if ([...slugs.values()].every((slug) => slug === undefined)) return repos;
  const pushed = await forge.pushed();
  if (!pushed.ok) {
    context.complain(
      `warning: GitHub does not say when somebody pushed last, so only what is on this disk counts: ${pushed.failure.message}`,
    );
    return repos;
  }
  return repos.map((repo) => {
    const slug = slugs.get(repo);
    return slug === undefined ? repo : { ...repo, remotePushedAt: pushed.value.get(slug.toLowerCase()) };
  });
}

/** A path on this disk has no forge. */
function isElsewhere(remoteUrl: string | undefined): boolean {
  return remoteUrl !== undefined && !/^([./~]|file:)/.test(remoteUrl);
}
