import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';

import { type Call, runToEnd } from './timed.ts';

/** How often each program was started, by name; git by its command too. */
export type Starts = ReadonlyMap<string, number>;

/** Counts the programs that a command starts, itself included; undefined where there is no strace. */
export async function countStarts(call: Call): Promise<Starts | undefined> {
  if (!(await hasStrace(call))) return undefined;
  const folder = await mkdtemp(path.join(os.tmpdir(), 'clone-bench-starts-'));
  try {
    const file = path.join(folder, 'trace');
    const trace = [
      'strace',
      '-f',
      '-qq',
      '-s',
      '4000',
      '-e',
      'trace=execve',
      '-e',
      'signal=none',
      '-o',
      file,
    ];
    await runToEnd({ ...call, command: [...trace, ...call.command] as [string, ...string[]] });
    return await read(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export function totalOf(starts: Starts, except: readonly string[] = []): number {
  let total = 0;
  for (const [name, count] of starts) if (!except.includes(name)) total += count;
  return total;
}

/** What each program costs per piece of work, most often first: (many − few) ÷ pieces between. */
export function perPiece(few: Starts, many: Starts, pieces: number): readonly (readonly [string, number])[] {
  return [...many]
    .map(([name, count]) => [name, (count - (few.get(name) ?? 0)) / pieces] as const)
    .filter(([, each]) => each >= 0.05)
    .sort((a, b) => b[1] - a[1]);
}

async function hasStrace(call: Call): Promise<boolean> {
  return runToEnd({ ...call, command: ['strace', '-V'] }).then(
    () => true,
    () => false,
  );
}

async function read(file: string): Promise<Starts> {
  const counts = new Map<string, number>();
  // strace splits a call in two lines when another process comes between.
  const unfinished = new Map<string, string>();
  for await (const line of readline.createInterface({ input: createReadStream(file) })) {
    const [, pid = '', text = ''] = /^(\d+)\s+(.*)$/.exec(line) ?? [];
    const begun = /^(execve\(.*) <unfinished \.\.\.>$/.exec(text)?.[1];
    if (begun !== undefined) {
      unfinished.set(pid, begun);
      continue;
    }
    const whole = text.startsWith('<... execve resumed>') ? `${unfinished.get(pid) ?? ''}${text}` : text;
    if (!whole.startsWith('execve(') || !/ = 0$/.test(whole)) continue;
    const name = nameOf(whole);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

function nameOf(call: string): string {
  const program = path.basename(/^execve\("([^"]*)"/.exec(call)?.[1] ?? '?');
  if (program !== 'git') return program;
  const args = /\[(.*?)\](?:, |\.\.\.)/.exec(call)?.[1] ?? '';
  const words = [...args.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((match) => match[1] ?? '').slice(1);
  return `git ${commandOf(words)}`;
}

/** The first word that is neither an option of git nor the value of one. */
function commandOf(words: readonly string[]): string {
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    if (word === '-c' || word === '-C') index++;
    else if (!word.startsWith('-')) return word;
  }
  return '?';
}
