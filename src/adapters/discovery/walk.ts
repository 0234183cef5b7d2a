import { type Dirent, readdirSync, realpathSync } from 'node:fs';
import path from 'node:path';

const skipped = new Set([
  'node_modules',
  'bower_components',
  'dist',
  'build',
  'target',
  'vendor',
  'venv',
  '__pycache__',
  'Pods',
  'DerivedData',
  'Library',
]);

/**
 * Folders below the roots that hold a `.git`, and roots that are bare repositories. Stops at a repository, except
 * at a root; never follows a link, and never looks into dependency, build and dot folders.
 */
export async function walkRoots(roots: readonly string[], depth: number): Promise<readonly string[]> {
  const places = new Set<string>();
  for (const root of roots) {
    const start = realOf(root);
    if (start !== undefined) await walkFrom(start, depth, places);
  }
  return [...places];
}

async function walkFrom(root: string, depth: number, places: Set<string>): Promise<void> {
  let level = [root];
  for (let distance = 0; distance <= depth && level.length > 0; distance++) {
    const below: string[] = [];
    for (const [index, folder] of level.entries()) {
      // Reading is done at once because that is fastest; others get their turn now and then.
      if (index % 500 === 499) await Promise.resolve();
      const entries = list(folder);
      const isRepo = entries.some((entry) => entry.name === '.git' && !entry.isSymbolicLink());
      const isBare = !isRepo && looksBare(entries);
      if (isRepo || (isBare && folder === root)) places.add(folder);
      if (isBare || (isRepo && folder !== root)) continue;
      for (const entry of entries)
        if (entry.isDirectory() && !entry.name.startsWith('.') && !skipped.has(entry.name))
          below.push(path.join(folder, entry.name));
    }
    level = below;
  }
}

function looksBare(entries: readonly Dirent[]): boolean {
  const names = new Set(entries.map(({ name }) => name));
  return names.has('HEAD') && names.has('objects') && names.has('refs');
}

/** A folder that we may not read, or that is gone by now, holds nothing for us. */
function list(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (['EACCES', 'EPERM', 'ENOENT', 'ENOTDIR', 'EIO', 'ESTALE', 'ENAMETOOLONG', 'ELOOP'].includes(code))
      return [];
    throw error;
  }
}

function realOf(folder: string): string | undefined {
  try {
    return realpathSync.native(folder);
  } catch {
    return undefined;
  }
}
