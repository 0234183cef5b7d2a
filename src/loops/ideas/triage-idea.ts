import path from 'node:path';
import type { Idea } from '../../domain/idea.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { FileProblem } from '../../ports/portfolio.ts';
import type { World } from '../../ports/world.ts';
import { digestOf } from '../../rules/fingerprint.ts';
import { checkRepoName } from '../../rules/ideas/repo-name.ts';
import { type Triaged, triage } from '../../rules/ideas/triage.ts';

type Looking = Pick<World, 'portfolio' | 'incubator'>;

/** Where the folder of an idea goes; empty: its name leads nowhere, or no code_root says where. */
export async function pathOf(
  { incubator }: Looking,
  options: { readonly code_root: string },
  idea: Pick<Idea, 'repoName'>,
): Promise<{ readonly codeRoot: string | undefined; readonly path: string }> {
  const codeRoot = options.code_root || (await incubator.codeRoot());
  const valid = checkRepoName(idea.repoName).ok;
  return {
    codeRoot: codeRoot || undefined,
    path: codeRoot && valid ? path.join(codeRoot, idea.repoName) : '',
  };
}

/** A short name for what belongs to an idea: the same for the same folder, whichever home it is worked on from. */
export function keyOf(idea: Pick<Idea, 'id' | 'repoName'>, at: string): string {
  const name = idea.repoName.replace(/[^A-Za-z0-9]+/g, '-').slice(0, 40);
  return `idea${name.startsWith('-') ? '' : '-'}${name}-${digest(at || idea.id)}`;
}

function digest(text: string): string {
  return digestOf([text]).slice(0, 12);
}

/** Looks, and judges: what is to become of the idea. Makes nothing. */
export async function triageIdea(
  world: Looking,
  options: { readonly code_root: string },
  idea: Idea,
): Promise<Result<Triaged & { readonly at: string }, FileProblem>> {
  const repos = await world.portfolio.read();
  if (!repos.ok) return repos;
  const { codeRoot, path: at } = await pathOf(world, options, idea);
  const root = codeRoot
    ? { path: codeRoot, there: await world.incubator.isUsableFolder(codeRoot) }
    : undefined;
  const seen =
    at === ''
      ? { place: { is: 'nothing' as const }, neighbour: undefined }
      : await world.incubator.lookAt(at);
  return ok({ ...triage(idea, { repos: repos.value, codeRoot: root, path: at, ...seen }), at });
}
