import type { Idea } from '../../domain/idea.ts';
import { ok } from '../../domain/result.ts';
import { isDraining, type Stop } from '../../session/visit.ts';
import type { RunOrder, RunWorld } from '../run-world.ts';
import { begin, blocked, end, goesOn, type IdeaAtWork, type Stepped, stepOf } from './at-work.ts';
import { enrol, enrolExisting } from './enrol-idea.ts';
import { makeFiles } from './make-files.ts';
import { plantIdea } from './plant-idea.ts';
import { publish } from './publish-idea.ts';
import { keyOf, pathOf, triageIdea } from './triage-idea.ts';
import { watchFirstPush } from './watch-first-push.ts';

/** An idea that is a repository now. */
export interface Developed {
  readonly repo: string;
  /** In words: what there is, and what there is not. */
  readonly why: string;
  /** The session whose landing CI is watched for. */
  readonly watched: string | undefined;
}

/**
 * One idea, step by step, until it is a repository in the portfolio. What an earlier process did is looked up and
 * not done again; what it was about to do is looked for before it is done.
 */
export async function developIdea(
  world: RunWorld,
  about: { idea: Idea; order: RunOrder; cycle: number },
  stop: Stop,
): Promise<Stepped<Developed>> {
  const { idea, order } = about;
  const at = await pathOf(world, order.options, idea);
  const work: IdeaAtWork = { ...about, path: at.path, key: keyOf(idea, at.path) };
  const view = await world.ledger.idea(idea.id);
  if (!goesOn(view, idea, at.path)) {
    const { id, title, repoName: name } = idea;
    await world.ledger.record({ type: 'idea-taken-up', idea: id, title, name, path: at.path });
  }

  const triaged = await triageStep(world, work);
  if (!triaged.ok) return triaged;
  if (triaged.value) return ok(triaged.value);
  if (isDraining(stop)) return left;
  const folder = await folderStep(world, work);
  if (!folder.ok) return folder;
  if (isDraining(stop)) return left;
  const files = await makeFiles(world, work, stop);
  if (!files.ok) return files;
  const planted = await plantIdea(world, work, files.value);
  if (!planted.ok) return planted;
  if (isDraining(stop)) return left;
  const published = await publish(world, work, files.value);
  if (!published.ok) return published;
  const enrolled = await enrol(world, work);
  if (!enrolled.ok) return enrolled;
  const { slug, why } = published.value;
  const watched = slug
    ? await watchFirstPush(world, work, { ...files.value, session: planted.value.session })
    : undefined;
  await world.incubator.clear(work.key);
  const where = slug ? `${slug} (private)` : `local only: ${why}`;
  return ok({ repo: idea.repoName, why: `${where}; ${at.path}`, watched });
}

const left = {
  ok: false,
  failure: { is: 'left', why: 'the run is stopping; it goes on next time' },
} as const;

/** Answers the end when there is nothing to build: the repository exists. */
async function triageStep(world: RunWorld, work: IdeaAtWork): Promise<Stepped<Developed | undefined>> {
  const { idea, order } = work;
  // From here on what is found at its path is ours, and judged by the steps that made it.
  if ((await stepOf(world, work, 'folder'))?.done) return ok(undefined);
  const triaged = await triageIdea(world, order.options, idea);
  if (!triaged.ok)
    return blocked('triage', `repos.yaml cannot be read: ${triaged.failure.message}`, 'mend repos.yaml');
  const found = triaged.value;
  const told = { key: `triage:${idea.repoName}`, facts: { is: found.is, path: work.path } };
  switch (found.is) {
    case 'blocked':
      return blocked('triage', found.why, found.hint);
    case 'enrolled':
      await end(world, work, 'triage', told);
      return ok({
        repo: found.repo.name,
        why: `it is in the portfolio already (${found.repo.path}), and was left as it is`,
        watched: undefined,
      });
    case 'enrol': {
      const existing = await enrolExisting(world, work);
      if (!existing.ok) return existing;
      const why = `there was a repository at ${work.path}; it is in the portfolio now, and was left as it is`;
      return ok({ repo: idea.repoName, why, watched: undefined });
    }
    case 'build':
      await end(world, work, 'triage', told);
      if (idea.status === 'NEW')
        await world.ideas.change(() => [
          { edit: 'mark', id: idea.id, status: 'TRIAGED', lastError: undefined },
        ]);
      return ok(undefined);
  }
}

async function folderStep(world: RunWorld, work: IdeaAtWork): Promise<Stepped<void>> {
  if ((await stepOf(world, work, 'folder'))?.done) return ok(undefined);
  const told = { key: `folder:${work.path}`, facts: { path: work.path } };
  await begin(world, work, 'folder', told);
  const made = await world.incubator.makeFolder(work.path);
  if (!made.ok)
    return blocked(
      'folder',
      `${work.path} could not be made: ${made.failure}`,
      'mend that in the folder above it',
    );
  await end(world, work, 'folder', told);
  return ok(undefined);
}
