import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { RunPages } from '../../ports/seeing.ts';

/** The files of a run as they grow. Nothing that happens to them (a full disk) stops the run. */
export async function runPages(folder: string): Promise<RunPages> {
  await mkdir(folder, { recursive: true });
  const streams = new Map<string, WriteStream>();
  let problem: string | undefined;
  let replacing: Promise<void> = Promise.resolve();

  const note = (error: unknown): void => {
    problem ??= error instanceof Error ? error.message : String(error);
  };
  const stream = (file: string): WriteStream => {
    const known = streams.get(file);
    if (known !== undefined) return known;
    const made = createWriteStream(path.join(folder, file), { flags: 'a' });
    made.on('error', note);
    streams.set(file, made);
    return made;
  };
  const settled = async (): Promise<void> => {
    await replacing;
    await Promise.all([...streams.values()].map(flushed));
  };

  return {
    append(file, text) {
      stream(file).write(text);
    },
    replace(file, text) {
      replacing = replacing.then(() => replaceFile(path.join(folder, file), text)).catch(note);
      return replacing;
    },
    settled,
    problem: () => problem,
    async [Symbol.asyncDispose]() {
      await settled();
      await Promise.all([...streams.values()].map(ended));
      streams.clear();
    },
  };
}

async function replaceFile(file: string, text: string): Promise<void> {
  const unfinished = `${file}.${process.pid}.tmp`;
  await mkdir(path.dirname(file), { recursive: true });
  try {
    await writeFile(unfinished, text);
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

function flushed(stream: WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed) resolve();
    else {
      stream.once('close', resolve);
      stream.write('', () => {
        stream.off('close', resolve);
        resolve();
      });
    }
  });
}

function ended(stream: WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.closed) resolve();
    else {
      stream.once('close', resolve);
      if (!stream.destroyed) stream.end();
    }
  });
}
