import { constants } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';

import type { Commands } from '../../ports/commands.ts';

/** Masks secrets in text that comes in pieces. */
interface Masks {
  stream(): { push(chunk: string): string; finish(): string };
}

/**
 * Commands whose output, once they ended, holds no secret that `masks` knows. Output without one is only read; a file
 * with one is replaced as a whole.
 */
export function scrubbedCommands(commands: Commands, masks: Masks): Commands {
  return {
    async run(spec, stop) {
      const end = await commands.run(spec, stop);
      for (const file of [spec.stdoutFile, spec.stderrFile, ...(spec.alsoWrites ?? [])])
        if (file !== undefined) await scrub(file, masks);
      return { ...end, stderrTail: textOf(end.stderrTail, masks) };
    },
    sweepStrays: () => commands.sweepStrays(),
  };
}

const chunkBytes = 256 * 1024;

/** Bytes are taken as Latin-1, so that what is not masked stays as it was, whatever its encoding. */
async function scrub(file: string, masks: Masks): Promise<void> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW).catch(() => undefined);
  if (!handle) return;
  try {
    if (!(await handle.stat()).isFile() || !(await hasSecret(handle, masks))) return;
    const masked = `${file}.masked`;
    await rm(masked, { force: true });
    const target = await open(masked, 'wx', 0o600);
    try {
      for await (const text of maskedChunks(handle, masks)) await target.write(text, null, 'latin1');
    } finally {
      await target.close();
    }
    await rename(masked, file);
  } finally {
    await handle.close();
  }
}

async function hasSecret(handle: FileHandle, masks: Masks): Promise<boolean> {
  const stream = masks.stream();
  let pending = '';
  for await (const chunk of chunks(handle)) {
    pending += chunk;
    const out = stream.push(chunk);
    if (!pending.startsWith(out)) return true;
    pending = pending.slice(out.length);
  }
  return stream.finish() !== pending;
}

async function* maskedChunks(handle: FileHandle, masks: Masks): AsyncGenerator<string> {
  const stream = masks.stream();
  for await (const chunk of chunks(handle)) yield stream.push(chunk);
  yield stream.finish();
}

async function* chunks(handle: FileHandle): AsyncGenerator<string> {
  const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, Math.max(1, (await handle.stat()).size)));
  for (let at = 0; ; ) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.toString('latin1', 0, bytesRead);
  }
}

function textOf(text: string, masks: Masks): string {
  const stream = masks.stream();
  return stream.push(text) + stream.finish();
}
