import type { TrustedIssue } from '../domain/issue.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { placeKey } from '../ports/forge-issues.ts';
import type { World } from '../ports/world.ts';
import { judgeAgain } from '../rules/issues/judge-issue.ts';
import { contentOf } from '../rules/issues/snapshot.ts';
import { whoIsTrusted } from './issue-trust.ts';
import type { Visit } from './visit.ts';

/**
 * The issues of a visit, read again just before its plan: those that are still exactly what was judged. Whatever
 * changed, or cannot be read, is refused for this visit.
 */
export async function recheckIssues(
  world: Pick<World, 'forge'> & { readonly ledger: Ledger },
  visit: Pick<Visit, 'issues' | 'identity' | 'repo' | 'options'>,
): Promise<readonly TrustedIssue[]> {
  const { forge, ledger } = world;
  const { issues, identity } = visit;
  const slug = identity.remoteUrl === undefined ? undefined : forge?.slugOf(identity.remoteUrl);
  if (!forge || slug === undefined || issues.length === 0) return [];
  const trust = await whoIsTrusted(forge, visit.options);
  const read = await forge.issues.histories(issues.map(({ number }) => ({ slug, number })));
  const known = (await ledger.forgeRepositories()).find(
    (one) => one.repo === visit.repo.name && one.slug === slug,
  );
  const kept: TrustedIssue[] = [];
  for (const issue of issues) {
    const { number } = issue;
    const history = read.ok ? read.value.get(placeKey({ slug, number })) : undefined;
    const ground =
      trust.ok && known?.id !== undefined ? { trust: trust.value, repositoryId: known.id } : undefined;
    const refused = judgeAgain(issue.snapshot, history, ground);
    if (refused || !history) {
      await ledger.record({
        type: 'issue-refused',
        number,
        reason: refused?.reason ?? 'not-checked',
        id: refused?.id,
      });
      continue;
    }
    await ledger.record({ type: 'issue-offered', number, content: contentOf(history) });
    kept.push(issue);
  }
  return kept;
}
