import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import type { CommandEnd, Commands } from '../../ports/commands.ts';

export interface Captured extends CommandEnd {
  readonly stdout: string;
}

/** Runs something short and keeps what it says. */
export async function capture(
  commands: Commands,
  command: { program: string; args: readonly string[]; env: Readonly<Record<string, string>> },
): Promise<Captured> {
  const folder = await mkdtemp(path.join(tmpdir(), 'clone-probe-'));
  const stdoutFile = path.join(folder, 'stdout.txt');
  const spec = {
    ...command,
    cwd: folder,
    stdoutFile,
    stderrFile: path.join(folder, 'stderr.txt'),
    limits: { totalMs: 15_000 },
    interrupt: 'SIGTERM',
    marker: 'probe',
  } as const;
  try {
    const end = await commands.run(spec, new AbortController().signal);
    return { ...end, stdout: (await readFile(stdoutFile, 'utf8').catch(() => '')).trim() };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
