import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

import { type Instant, seconds } from '../../domain/time.ts';
import type { GitFolder } from './git-folder.ts';
import { readPart } from './small-file.ts';

export interface Movement {
  readonly sha: string;
  readonly at: number;
  readonly message: string;
}

const lineForm = /^[0-9a-f]+ ([0-9a-f]{40,64}) .*?> (\d+) [-+]\d{4}\t?(.*)$/;

/** The last movements of HEAD, newest first, without those of cloning: a fresh clone is not work. */
export function lastMovements(gitDir: string): readonly Movement[] {
  const tail = readPart(path.join(gitDir, 'logs/HEAD'), 8 * 1024, { end: true })?.toString('utf8') ?? '';
  return tail
    .split('\n')
    .flatMap((line): Movement[] => {
      const [, sha, at, message = ''] = lineForm.exec(line) ?? [];
      return sha === undefined ? [] : [{ sha, at: seconds(Number(at)), message }];
    })
    .filter(({ message }) => !message.startsWith('clone:'))
    .reverse();
}

const mostWorktrees = 50;

/**
 * When HEAD last moved in any work tree of the repository: who works in linked ones leaves the checkout itself alone.
 * `own`: the movements of this work tree, which are read already.
 */
export function lastMoved({ own: gitDir, common }: GitFolder, own: readonly Movement[]): Instant | undefined {
  const linked = path.join(common, 'worktrees');
  if (!existsSync(linked)) return own[0]?.at;
  const others = [common, ...namesIn(linked).map((name) => path.join(linked, name))];
  const moved = others.filter((one) => one !== gitDir).map((one) => lastMovements(one)[0]?.at);
  const known = [own[0]?.at, ...moved].filter((at) => at !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).slice(0, mostWorktrees);
  } catch {
    return [];
  }
}
