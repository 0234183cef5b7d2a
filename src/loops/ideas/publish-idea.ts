import { ok } from '../../domain/result.ts';
import type { Forge, ForgeFailure, ForgeRepository } from '../../ports/forge.ts';
import { adoptRemote, markOf } from '../../rules/ideas/adopt-remote.ts';
import type { RunWorld } from '../run-world.ts';
import { begin, blocked, end, factOf, type IdeaAtWork, type Stepped, stepOf } from './at-work.ts';
import type { FilesMade } from './make-files.ts';

/** Where an idea was published; without a slug it was not, and `why` says so. */
export interface Published {
  readonly slug: string | undefined;
  readonly why: string;
}

/** A private repository on GitHub with the first commit in it. Without a token, or when nothing may land: none. */
export async function publish(
  world: RunWorld,
  work: IdeaAtWork,
  made: FilesMade,
): Promise<Stepped<Published>> {
  const { forge } = world;
  if (!forge) return ok({ slug: undefined, why: 'there is no GitHub token' });
  const { land } = work.order.options;
  if (land !== 'push') return ok({ slug: undefined, why: `land is ${land}, so nothing is pushed` });
  const remote = await remoteStep(world, forge, work, made);
  if (!remote.ok) return remote;
  const pushed = await pushStep(world, work, made, remote.value);
  if (!pushed.ok) return pushed;
  return ok({ slug: remote.value.slug, why: '' });
}

interface Remote {
  readonly slug: string;
  readonly url: string;
}

async function remoteStep(
  world: RunWorld,
  forge: Forge,
  work: IdeaAtWork,
  made: FilesMade,
): Promise<Stepped<Remote>> {
  const { idea } = work;
  const before = await stepOf(world, work, 'github');
  const known = { slug: factOf(before, 'slug'), url: factOf(before, 'url') };
  if (before?.done && known.slug && known.url) return ok({ slug: known.slug, url: known.url });
  const who = await forge.whoami();
  if (!who.ok) return refusal('asking GitHub who we are', who.failure);
  const slug = `${who.value.login}/${idea.repoName}`;
  const found = await forge.repository(slug);
  if (!found.ok) return refusal(`looking for ${slug}`, found.failure);
  const adoption = adoptRemote(found.value, { slug, idea: idea.id, sha: made.sha });
  if (adoption.is === 'blocked') return blocked('github', adoption.why, adoption.hint);
  if (adoption.is === 'adopt' && found.value) return useRemote(world, forge, work, found.value);

  await begin(world, work, 'github', { key: `github:${slug}`, facts: { slug } });
  const words = (idea.summary || idea.title).slice(0, 200);
  const created = await forge.createRepository({
    name: idea.repoName,
    description: `${words} ${markOf(idea.id)}`,
  });
  // Whatever was answered: the request may have been carried out, and only its answer lost.
  const now = await forge.repository(slug);
  if (!now.ok) return refusal(`looking for ${slug}`, now.failure);
  const again = adoptRemote(now.value, { slug, idea: idea.id, sha: made.sha });
  if (again.is === 'blocked') return blocked('github', again.why, again.hint);
  if (again.is === 'adopt' && now.value) return useRemote(world, forge, work, now.value);
  if (!created.ok) return refusal(`making ${slug}`, created.failure);
  return blocked('github', `${slug} was made, and is not there`, 'look at it on GitHub');
}

async function useRemote(
  world: RunWorld,
  forge: Forge,
  work: IdeaAtWork,
  found: ForgeRepository,
): Promise<Stepped<Remote>> {
  const remote = { slug: found.slug, url: found.cloneUrl };
  // The token goes to this address: it must be the forge's own, and this very repository.
  if (forge.slugOf(remote.url)?.toLowerCase() !== remote.slug.toLowerCase())
    return blocked(
      'github',
      `GitHub gives ${remote.slug} an address elsewhere: ${remote.url}`,
      'check github_api_url',
    );
  await end(world, work, 'github', { key: `github:${remote.slug}`, facts: remote });
  return ok(remote);
}

async function pushStep(
  world: RunWorld,
  work: IdeaAtWork,
  made: FilesMade,
  { slug, url }: Remote,
): Promise<Stepped<void>> {
  const told = { key: `push:${slug}:${made.sha}`, facts: { slug, sha: made.sha } };
  const before = await stepOf(world, work, 'push');
  if (before?.done && before.key === told.key) return ok(undefined);
  await begin(world, work, 'push', told);
  const pushed = await world.incubator.pushFirst(made.seed, url, made.sha);
  if (!pushed.ok) {
    const why = `main could not be pushed to ${slug}: ${world.redact(pushed.failure.message)}`;
    const hint = /workflow/i.test(why)
      ? 'give the token the right to change workflows'
      : pushed.failure.kind === 'access'
        ? 'give the token the right to write contents'
        : 'see whether GitHub can be reached';
    return blocked('push', why, hint);
  }
  const connected = await world.incubator.connect(work.path, url, made.sha);
  if (!connected.ok) return blocked('push', world.redact(connected.failure.message), `look at ${work.path}`);
  await end(world, work, 'push', told);
  return ok(undefined);
}

function refusal(
  what: string,
  failure: ForgeFailure,
): { ok: false; failure: Extract<ReturnType<typeof blocked>['failure'], { is: 'blocked' }> } {
  const hint =
    failure.kind === 'access' || failure.kind === 'gone'
      ? 'the token needs the right to make private repositories (classic: scope repo; fine-grained: administration)'
      : 'see whether GitHub can be reached';
  return { ok: false, failure: { is: 'blocked', step: 'github', why: `${what}: ${failure.message}`, hint } };
}
