import type { Dirent } from 'node:fs';
import { lstat, open, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { compareText } from '../../domain/compare-text.ts';
import type { RunLogs } from '../../ports/seeing.ts';

const mostBytes = 256 * 1024;

/** The run folders below `logs`. Only folders called `run-…` are ever removed, and no link is followed. */
export function runLogs(logs: string): RunLogs {
  return {
    read: readFrom,
    async prune({ runs, bytes, spare }) {
      const spared = new Set(spare.map((folder) => path.resolve(folder)));
      const folders = await runFolders(logs);
      const gone: string[] = [];
      let kept = 0;
      let size = 0;
      for (const { folder } of folders) {
        const own = await sizeOf(folder);
        if (spared.has(path.resolve(folder)) || (kept < runs && size + own <= bytes)) {
          kept += 1;
          size += own;
          continue;
        }
        await rm(folder, { recursive: true, force: true });
        gone.push(path.basename(folder));
      }
      return gone;
    },
  };
}

async function readFrom(file: string, from: number): Promise<{ text: string; next: number } | undefined> {
  const handle = await open(file, 'r').catch(missing);
  if (handle === undefined) return undefined;
  try {
    const buffer = Buffer.alloc(mostBytes);
    const { bytesRead } = await handle.read(buffer, 0, mostBytes, from);
    const whole = wholeCharacters(buffer.subarray(0, bytesRead));
    return { text: whole.toString('utf8'), next: from + whole.length };
  } finally {
    await handle.close();
  }
}

/** Without the beginning of a character whose rest has not been written or read yet. */
function wholeCharacters(bytes: Buffer): Buffer {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return bytes;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 0;
    if (length > 0) return length > back ? bytes.subarray(0, bytes.length - back) : bytes;
  }
  return bytes;
}

/** Newest first. */
async function runFolders(logs: string): Promise<readonly { folder: string; at: number }[]> {
  const entries = (await readdir(logs, { withFileTypes: true }).catch(missing)) ?? [];
  const runs = entries.filter((entry: Dirent) => entry.isDirectory() && entry.name.startsWith('run-'));
  const dated = runs.map(async (entry) => {
    const folder = path.join(logs, entry.name);
    return { folder, at: (await lstat(folder)).mtimeMs };
  });
  return (await Promise.all(dated)).toSorted((a, b) => b.at - a.at || compareText(b.folder, a.folder));
}

async function sizeOf(folder: string): Promise<number> {
  const entries = (await readdir(folder, { withFileTypes: true, recursive: true }).catch(missing)) ?? [];
  let size = 0;
  for (const entry of entries) {
    if (entry.isFile())
      size += (await lstat(path.join(entry.parentPath, entry.name)).catch(missing))?.size ?? 0;
  }
  return size;
}

function missing(error: unknown): undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
  throw error;
}
