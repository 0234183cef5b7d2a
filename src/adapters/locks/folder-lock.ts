import { lstatSync, mkdirSync, rmdirSync } from 'node:fs';

/** A lock that is a folder: making one succeeds for exactly one process. It has no age; whoever made it takes it away. */
export interface FolderLock {
  /** Aborts when the folder turns out to be gone, or another one. Looked at every now and then, and by `isOurs`. */
  readonly lost: AbortSignal;
  isOurs(): boolean;
  release(): void;
}

const lookEveryMs = 5_000;

/** Makes the folder; undefined: somebody else has. */
export function lockByFolder(folder: string, everyMs = lookEveryMs): FolderLock | undefined {
  try {
    mkdirSync(folder);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
    throw cause;
  }
  const made = numberOf(folder);
  const lost = new AbortController();
  const isOurs = (): boolean => {
    if (!lost.signal.aborted && numberOf(folder) !== made)
      lost.abort(new Error(`${folder} is no longer ours`));
    return !lost.signal.aborted;
  };
  const timer = setInterval(isOurs, everyMs);
  timer.unref();
  return {
    lost: lost.signal,
    isOurs,
    release() {
      clearInterval(timer);
      if (isOurs()) rmdirSync(folder);
    },
  };
}

/** What tells one folder from a later one with the same name; undefined: there is none. */
function numberOf(folder: string): string | undefined {
  const found = lstatSync(folder, { bigint: true, throwIfNoEntry: false });
  return found && `${found.dev}:${found.ino}:${found.birthtimeNs}`;
}
