import type { CiExpectation } from '../domain/ci.ts';
import type { Identity, Sha } from '../domain/repo.ts';
import type { World } from '../ports/world.ts';
import { expectRuns } from '../rules/ci/expect-runs.ts';

/** What the pushed tree lets us expect of CI, judged from its workflow files and the files that changed. */
export async function expectedRuns(
  world: Pick<World, 'mirrors' | 'forge'>,
  identity: Identity,
  slug: string,
  landed: { sha: Sha; parent: Sha },
): Promise<CiExpectation> {
  const mirror = await world.mirrors.existing(identity, landed.sha);
  if (!mirror) return { kind: 'unknown', why: 'the pushed tree could not be read' };
  const names = (await mirror.list(landed.sha, '.github/workflows')).filter((name) => /\.ya?ml$/.test(name));
  if (names.length === 0) return { kind: 'none', why: 'the pushed tree has no workflow' };
  const workflows = [];
  for (const name of names) {
    const path = name.startsWith('.github/') ? name : `.github/workflows/${name}`;
    const text = await mirror.readFile(landed.sha, path);
    if (text !== undefined) workflows.push({ path, text });
  }
  const change = await mirror.change(landed.parent, landed.sha);
  const commits = await mirror.commits(landed.parent, landed.sha);
  const states = world.forge ? await world.forge.workflowStates(slug) : undefined;
  return expectRuns({
    workflows,
    states: states?.ok ? states.value : undefined,
    branch: identity.branch,
    changedFiles: change.ok
      ? change.value.files.flatMap((file) => [file.path, ...(file.oldPath ? [file.oldPath] : [])])
      : undefined,
    newBranch: false,
    message: commits.ok ? (commits.value.at(-1)?.message ?? '') : '',
  });
}
