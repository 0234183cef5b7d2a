import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { CommandEnd, CommandSpec, Commands } from '../../ports/commands.ts';
import { redactor } from '../../rules/redact.ts';
import { scrubbedCommands } from './scrubbed-commands.ts';

const secret = 'correct-horse-battery-staple';
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'clone-scrubbed-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Commands that write what they are told to, and end. */
function writing(stdout: Buffer | string, stderr: string): Commands {
  return {
    async run({ stdoutFile, stderrFile }) {
      await writeFile(stdoutFile, stdout);
      if (stderrFile) await writeFile(stderrFile, stderr);
      return { ending: 'exited', exitCode: 0, signal: undefined, seconds: 0, stderrTail: stderr, swept: 0 };
    },
    sweepStrays: () => Promise.resolve(3),
  };
}

async function outputOf(
  stdout: Buffer | string,
  stderr = '',
): Promise<{ end: CommandEnd; out: Buffer; err: string }> {
  const spec: CommandSpec = {
    program: 'x',
    args: [],
    cwd: folder,
    env: {},
    stdoutFile: path.join(folder, 'out'),
    stderrFile: path.join(folder, 'err'),
    limits: { totalMs: 1 },
    interrupt: 'SIGTERM',
    marker: 'm',
  };
  const commands = scrubbedCommands(writing(stdout, stderr), redactor([secret]));
  const end = await commands.run(spec, new AbortController().signal);
  return {
    end,
    out: await readFile(path.join(folder, 'out')),
    err: await readFile(path.join(folder, 'err'), 'utf8'),
  };
}

describe('what a command leaves on disk', () => {
  it('holds no secret that it printed', async () => {
    const { end, out, err } = await outputOf(`a\nkey=${secret}\nb\n`, `failed with ${secret}`);
    expect(out.toString()).toBe('a\nkey=[redacted:secret]\nb\n');
    expect(err).toBe('failed with [redacted:secret]');
    expect(end.stderrTail).toBe('failed with [redacted:secret]');
  });

  it('stays byte for byte where there is none, whatever its encoding', async () => {
    const bytes = Buffer.from([0xff, 0xfe, 0, 10, 0xc3, 0x28, 13, 10, 0x80]);
    expect((await outputOf(bytes)).out).toEqual(bytes);
    expect((await outputOf('')).out.length).toBe(0);
  });

  it('keeps every other byte beside a secret', async () => {
    const { out } = await outputOf(
      Buffer.concat([Buffer.from([0xff, 0xc3, 10]), Buffer.from(`${secret}\n`)]),
    );
    expect(out.subarray(0, 3)).toEqual(Buffer.from([0xff, 0xc3, 10]));
    expect(out.subarray(3).toString()).toBe('[redacted:secret]\n');
  });

  it('is masked where a secret lies across two of our reads', async () => {
    const before = `${'x'.repeat(99)}\n`.repeat(2621);
    const { out } = await outputOf(`${before}${'y'.repeat(30)}${secret}\n${before}`);
    expect(out.includes(secret)).toBe(false);
    expect(out.toString()).toContain(`${'y'.repeat(30)}[redacted:secret]\n`);
  });

  it('is not what other commands of the machine leave: strays are swept as before', async () => {
    const commands = scrubbedCommands(writing('', ''), redactor([]));
    expect(await commands.sweepStrays()).toBe(3);
  });
});
