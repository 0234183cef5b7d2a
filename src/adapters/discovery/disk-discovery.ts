import path from 'node:path';

import type { Discovery, FoundRepo } from '../../ports/discovery.ts';
import { localState } from './local-state.ts';
import { lookAt } from './look-at.ts';
import { readPart } from './small-file.ts';
import { walkRoots } from './walk.ts';

/** Repositories on this disk, known by reading their `.git` files. */
export function diskDiscovery(): Discovery {
  return {
    async walk(roots, { depth }) {
      const places = await walkRoots(roots, depth);
      const seen = await inBatches(places, 64, lookAt);
      return onceEach(seen.filter((repo) => repo !== undefined));
    },
    look: (folder) => lookAt(path.resolve(folder)),
    state: (folder, wanted) => localState(path.resolve(folder), wanted),
    text: (folder, name, maxBytes) =>
      readPart(path.join(folder, name), maxBytes, { followLinks: false })?.toString('utf8'),
  };
}

/** The same repository once: its own checkout rather than a linked worktree, else the path that sorts first. */
function onceEach(repos: readonly FoundRepo[]): readonly FoundRepo[] {
  const best = new Map<string, FoundRepo>();
  for (const repo of repos) {
    const rival = best.get(repo.gitDir);
    if (!rival || comesBefore(repo, rival)) best.set(repo.gitDir, repo);
  }
  return [...best.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function comesBefore(a: FoundRepo, b: FoundRepo): boolean {
  return a.linkedWorktree === b.linkedWorktree ? a.path < b.path : b.linkedWorktree;
}

async function inBatches<In, Out>(
  items: readonly In[],
  size: number,
  work: (item: In) => Promise<Out>,
): Promise<readonly Out[]> {
  const results: Out[] = [];
  for (let start = 0; start < items.length; start += size)
    results.push(...(await Promise.all(items.slice(start, start + size).map(work))));
  return results;
}
