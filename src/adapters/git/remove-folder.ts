import { chmodSync, type Dirent, lstatSync, readdirSync, rmdirSync, unlinkSync } from 'node:fs';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Files that are removed before others have their turn again. */
const atOnce = 500;

/** Removes a folder with all that is in it; no link is followed. Nothing there is fine. */
export async function removeFolder(folder: string): Promise<void> {
  let left = atOnce;
  async function empty(below: string): Promise<void> {
    for (const entry of entriesOf(below)) {
      const file = path.join(below, entry.name);
      if (entry.isDirectory()) await empty(file);
      else remove(file);
      left -= 1;
      if (left > 0) continue;
      left = atOnce;
      await nextTurn();
    }
    withRights(path.dirname(below), () => {
      rmdirSync(below);
    });
  }
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (found.isDirectory()) await empty(folder);
  else unlinkSync(folder);
}

/** Some tools leave folders that nobody may write to. */
function entriesOf(folder: string): Dirent[] {
  return withRights(folder, () => readdirSync(folder, { withFileTypes: true }));
}

function remove(file: string): void {
  withRights(path.dirname(file), () => {
    unlinkSync(file);
  });
}

function withRights<Value>(folder: string, work: () => Value): Value {
  try {
    return work();
  } catch (cause) {
    if (!['EACCES', 'EPERM'].includes((cause as NodeJS.ErrnoException).code ?? '')) throw cause;
    chmodSync(folder, 0o700);
    return work();
  }
}
