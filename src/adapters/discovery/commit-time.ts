import path from 'node:path';
import { promisify } from 'node:util';
import { inflateSync } from 'node:zlib';

import { seconds } from '../../domain/time.ts';
import type { GitFolder } from './git-folder.ts';
import { readPackedCommit } from './packed-commit.ts';
import type { Movement } from './reflog.ts';
import { readPart } from './small-file.ts';

/**
 * When the commit at HEAD was made: from the movement that made it, else from the loose object or the pack. Only
 * when none of them knows, one git process is asked.
 */
export async function commitTime(
  folder: GitFolder,
  sha: string | undefined,
  movements: readonly Movement[],
): Promise<number | undefined> {
  if (sha === undefined) return undefined;
  // Git writes one and the same moment into the commit and into the line that tells of it.
  const made = movements.find((movement) => movement.sha === sha && movement.message.startsWith('commit'));
  if (made) return made.at;
  const text = looseCommit(folder.common, sha) ?? readPackedCommit(folder.common, sha);
  const read = text === undefined ? undefined : committerTime(text);
  return read ?? (await askGit(folder, sha));
}

/** The time of the commit that git itself finds at HEAD, for refs that only git can read. */
export async function askGit(folder: GitFolder, revision = 'HEAD'): Promise<number | undefined> {
  const args = ['--git-dir', folder.own, 'cat-file', 'commit', revision];
  // Reading one object runs no hook, no pager and no program that the repository's configuration names.
  const env = {
    ...pathOnly(),
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
  };
  try {
    // Loaded where it is needed, which is next to never: it is a fiftieth of a discovery.
    const { execFile } = await import('node:child_process');
    const { stdout } = await promisify(execFile)('git', args, {
      env,
      timeout: 10_000,
      maxBuffer: 1024 * 1024,
    });
    return committerTime(stdout);
  } catch {
    return undefined;
  }
}

/** The head of the commit with that id, if it lies unpacked; enough of it to know its committer. */
function looseCommit(common: string, sha: string): string | undefined {
  const packed = readPart(path.join(common, 'objects', sha.slice(0, 2), sha.slice(2)), 1024 * 1024);
  if (!packed) return undefined;
  try {
    const text = inflateSync(packed, { chunkSize: 2048, maxOutputLength: 4 * 1024 * 1024 }).toString('utf8');
    return text.startsWith('commit ') ? text.slice(text.indexOf('\0') + 1) : undefined;
  } catch {
    return undefined;
  }
}

function committerTime(commit: string): number | undefined {
  const head = commit.split('\n\n', 1)[0] ?? '';
  const time = /^committer .*> (\d+) [-+]\d{4}$/m.exec(head)?.[1];
  return time === undefined ? undefined : seconds(Number(time));
}

function pathOnly(): Readonly<Record<string, string>> {
  const { PATH, HOME } = process.env;
  return { ...(PATH === undefined ? {} : { PATH }), ...(HOME === undefined ? {} : { HOME }) };
}
