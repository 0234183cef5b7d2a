import { rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Lets `logs/latest` point to a run folder. Where links are not possible it is a file with the folder's name. */
export async function pointLatest(runFolder: string): Promise<void> {
  const latest = path.join(path.dirname(runFolder), 'latest');
  const unfinished = `${latest}.${process.pid}.tmp`;
  const name = path.basename(runFolder);
  await rm(unfinished, { force: true });
  try {
    await symlink(name, unfinished);
  } catch {
    await writeFile(unfinished, `${name}\n`);
  }
  await rename(unfinished, latest);
}
