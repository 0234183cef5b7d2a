import path from 'node:path';

import { seconds } from '../../domain/time.ts';
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
