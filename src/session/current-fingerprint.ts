import type { Options } from '../config/options.ts';
import type { Identity, Repo, Sha } from '../domain/repo.ts';
import type { World } from '../ports/world.ts';
import { fingerprint } from '../rules/fingerprint.ts';

/** The fingerprint of a repository as it is now; asks its remote for the tip. Undefined when it cannot be had. */
export async function currentFingerprint(
  world: Pick<World, 'mirrors' | 'prompts'>,
  due: { repo: Repo; identity: Identity; options: Options },
): Promise<string | undefined> {
  const synced = await world.mirrors.sync(due.identity);
  return synced.ok ? fingerprintAt(world, due, synced.value.tip) : undefined;
}

/** The fingerprint of a repository at a tip: its commits, its objective, and the prompts that judge it. */
export async function fingerprintAt(
  world: Pick<World, 'prompts'>,
  due: { repo: Repo; options: Options },
  tip: Sha,
): Promise<string> {
  const prompts = await Promise.all(['core', 'steering', 'plan'].map((name) => world.prompts.template(name)));
  return fingerprint([tip, due.repo.objective, ...prompts.map((prompt) => prompt.text)]);
}
