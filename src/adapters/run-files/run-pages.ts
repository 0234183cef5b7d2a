import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { RunPages } from '../../ports/seeing.ts';

/** The files of a run as they grow. Nothing that happens to them (a full disk) stops the run. */
export function runPages(folder: string): RunPages {
  mkdirSync(folder, { recursive: true });
  const files = new Map<string, GrowingFile>();
  let problem: string | undefined;

  const note = (error: unknown): void => {
    problem ??= error instanceof Error ? error.message : String(error);
  };
  const growing = (file: string): GrowingFile => {
    const known = files.get(file) ?? growingFile(path.join(folder, file), note);
    files.set(file, known);
    return known;
  };
  const flush = (): void => {
    for (const file of files.values()) file.flush();
  };

  return {
    append(file, text) {
      growing(file).add(text);
    },
    replace(file, text) {
      try {
        replaceFile(path.join(folder, file), text);
      } catch (error) {
        note(error);
      }
      return Promise.resolve();
    },
    settled() {
      flush();
      return Promise.resolve();
    },
    problem: () => problem,
    [Symbol.asyncDispose]() {
      for (const file of files.values()) file.close();
      files.clear();
      return Promise.resolve();
    },
  };
}

interface GrowingFile {
  add(text: string): void;
  flush(): void;
  close(): void;
}

/** What comes in one turn of the program is written as one piece at its end, so nobody waits for it to be seen. */
function growingFile(file: string, note: (error: unknown) => void): GrowingFile {
  let descriptor: number | undefined;
  let waiting = '';
  let planned = false;

  function flush(): void {
    planned = false;
    const text = waiting;
    waiting = '';
    if (text === '') return;
    try {
      descriptor ??= openSync(file, 'a');
      writeWhole(descriptor, Buffer.from(text));
    } catch (error) {
      note(error);
    }
  }

  return {
    add(text) {
      waiting += text;
      if (planned) return;
      planned = true;
      setImmediate(flush);
    },
    flush,
    close() {
      flush();
      if (descriptor !== undefined) closeSync(descriptor);
      descriptor = undefined;
    },
  };
}

function writeWhole(descriptor: number, bytes: Buffer): void {
  for (let from = 0; from < bytes.length; ) from += writeSync(descriptor, bytes, from);
}

function replaceFile(file: string, text: string): void {
  const unfinished = `${file}.${process.pid}.tmp`;
  mkdirSync(path.dirname(file), { recursive: true });
  try {
    writeFileSync(unfinished, text);
    renameSync(unfinished, file);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}
