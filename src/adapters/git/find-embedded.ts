import { readdir } from 'node:fs/promises';
import path from 'node:path';

/** Folders below `root` that are repositories of their own, as paths with slashes. Links are not followed. */
export async function findEmbedded(root: string, below = ''): Promise<string[]> {
  const entries = await readdir(path.join(root, below), { withFileTypes: true }).catch(() => []);
  if (below !== '' && entries.some((entry) => entry.name === '.git')) return [below];
  const found: string[] = [];
  for (const entry of entries) {
    if (!entry.isDirectory() || entry.name === '.git') continue;
    found.push(...(await findEmbedded(root, below === '' ? entry.name : `${below}/${entry.name}`)));
  }
  return found;
}
