import { isUtf8 } from 'node:buffer';
import { lstat, mkdir, open, readFile, readlink, realpath, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';

import lockfile from 'proper-lockfile';

import { failed, ok, type Result } from '../../domain/result.ts';
import type { FileProblem } from '../../ports/portfolio.ts';
import { readUserFile } from '../home/read-user-file.ts';

/** What becomes of a file: its new text, and what to answer. */
export interface FileChange<Value> {
  readonly text: string;
  readonly value: Value;
}

/**
 * Changes a text file of the user's under a lock that all processes share, and puts the new text in its place in
 * one step: a reader sees the old file or the new one, and so does whoever looks after a power cut. A link stays a
 * link; the file that it leads to is changed. When `make` fails, or answers the same text, nothing is written. When
 * somebody without the lock, an editor say, saved the file meanwhile, `make` is asked again, with what it says now.
 */
export async function changeFile<Value>(
  file: string,
  make: (
    before: string,
  ) => Result<FileChange<Value>, FileProblem> | Promise<Result<FileChange<Value>, FileProblem>>,
): Promise<Result<Value, FileProblem>> {
  const target = await targetOf(file);
  await mkdir(path.dirname(target), { recursive: true });
  const locked = await lock(target, file);
  if (!locked.ok) return locked;
  try {
    for (let tries = 0; tries < 5; tries++) {
      const before = await readUserFile(target);
      if (!before.ok) return before;
      const notText = await problemOfBytes(target, file, before.value ?? '');
      if (notText) return failed(notText);
      const made = await make(before.value ?? '');
      if (!made.ok) return made;
      const { text, value } = made.value;
      const isHeld = (): boolean => locked.value.isHeld();
      if (text === (before.value ?? '')) return ok(value);
      if (await replace(target, text, { before: before.value, isHeld })) return ok(value);
    }
    const message = 'is being saved again and again by another program';
    const hint = 'nothing was written; try again when it has finished';
    return failed({ file, line: undefined, column: undefined, message, hint });
  } finally {
    await locked.value.release();
  }
}

interface FileLock {
  isHeld(): boolean;
  release(): Promise<void>;
}

/** Waits about fifteen seconds for others to finish; a holder that died is noticed after ten. */
async function lock(target: string, file: string): Promise<Result<FileLock, FileProblem>> {
  let held = true;
  const onCompromised = (): void => {
    held = false;
  };
  const retries = { retries: 150, factor: 1.2, minTimeout: 5, maxTimeout: 120, randomize: true };
  const lockfilePath = path.join(path.dirname(target), `.${path.basename(target)}.lock`);
  try {
    const release = await lockfile.lock(target, {
      realpath: false,
      lockfilePath,
      stale: 10_000,
      retries,
      onCompromised,
    });
    return ok({
      isHeld: () => held,
      release: async () => {
        if (held) await release();
      },
    });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    const place = { file, line: undefined, column: undefined };
    if (code === 'ELOCKED') {
      const hint = `try again; if nothing of clone runs, remove ${lockfilePath}`;
      return failed({ ...place, message: 'is being changed by another process', hint });
    }
    if (['EACCES', 'EPERM', 'EROFS'].includes(code))
      return failed({
        ...place,
        message: 'cannot be changed: permission denied',
        hint: 'make its folder writable',
      });
    throw error;
  }
}

/** Bytes that are no text would be written back as others. */
async function problemOfBytes(target: string, file: string, text: string): Promise<FileProblem | undefined> {
  if (!text.includes('\uFFFD') || isUtf8(await readFile(target))) return undefined;
  const above = text.slice(0, text.indexOf('\uFFFD')).split('\n');
  return {
    file,
    line: above.length,
    column: (above.at(-1)?.length ?? 0) + 1,
    message: 'holds bytes that are not UTF-8 text',
    hint: 'save it as UTF-8; it was left as it is',
  };
}

/** False: the file does not say what it said before, and was left alone. */
async function replace(
  target: string,
  text: string,
  { before, isHeld }: { readonly before: string | undefined; readonly isHeld: () => boolean },
): Promise<boolean> {
  const mode = (await stat(target).catch(() => undefined))?.mode;
  const temporary = path.join(
    path.dirname(target),
    `.${path.basename(target)}.${process.pid}-${process.hrtime.bigint().toString(36)}.tmp`,
  );
  try {
    {
      await using handle = await open(temporary, 'wx', mode === undefined ? 0o644 : mode & 0o777);
      await handle.writeFile(text);
      await handle.sync();
    }
    if (!isHeld()) throw new Error(`the lock of ${target} was lost; nothing was written`);
    const now = await readUserFile(target);
    if (!now.ok || now.value !== before) {
      await rm(temporary, { force: true });
      return false;
    }
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await using folder = await open(path.dirname(target), 'r');
  await folder.sync();
  return true;
}

/** The file at the end of a chain of links, whether it is there yet or not. */
async function targetOf(file: string): Promise<string> {
  let name = file;
  for (let links = 0; links < 40; links++) {
    const seen = await lstat(name).catch(() => undefined);
    if (!seen?.isSymbolicLink()) break;
    name = path.resolve(path.dirname(name), await readlink(name));
  }
  const folder = await realpath(path.dirname(name)).catch(() => path.dirname(name));
  return path.join(folder, path.basename(name));
}
