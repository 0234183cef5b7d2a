import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { CommandEnd, CommandSpec } from '../../ports/commands.ts';
import { ownProcess } from './proc.ts';
import { supervisedCommands } from './supervised-commands.ts';

let folder = '';
let count = 0;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'clone-processes-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const best = supervisedCommands({ graceMs: 300, pollMs: 10 });
const plain = supervisedCommands({ graceMs: 300, pollMs: 10, containment: 'process-group' });
const { kind } = await best.containment();
const never = new AbortController().signal;

function shell(script: string, rest: Partial<CommandSpec> = {}): CommandSpec {
  count += 1;
  return {
    program: 'sh',
    args: ['-c', script],
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '' },
    stdoutFile: path.join(folder, `${count}.out`),
    stderrFile: path.join(folder, `${count}.err`),
    limits: { totalMs: 20_000 },
    interrupt: 'SIGTERM',
    marker: 's-1',
    ...rest,
  };
}

/** A number that no other process has among its arguments: by it, processes are found again. */
function token(): string {
  count += 1;
  return `1000.${process.pid}${count}`;
}

function running(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && commandLine(name).includes(text))
    .map(Number);
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(10);
}

const exited = (exitCode: number): Partial<CommandEnd> => ({ ending: 'exited', exitCode, signal: undefined });

describe.each([
  ['at its best', best],
  ['by process group', plain],
])('a command, contained %s,', (_how, commands) => {
  it('has its exit code, its output, and its last words told', async () => {
    const lines: string[] = [];
    const spec = shell('echo one; echo two; printf three; echo oh no >&2; exit 3', {
      onLine: (line) => lines.push(line),
    });
    const end = await commands.run(spec, never);
    expect(end).toMatchObject({ ...exited(3), stderrTail: 'oh no\n', swept: 0 });
    expect(lines).toEqual(['one', 'two', 'three']);
    expect(await readFile(spec.stdoutFile, 'utf8')).toBe('one\ntwo\nthree');
    expect(await readFile(spec.stderrFile ?? '', 'utf8')).toBe('oh no\n');
  });

  it('sees the environment given, and its marker', async () => {
    const lines: string[] = [];
    const spec = shell('env', {
      env: { PATH: '/usr/bin:/bin', MINE: 'a b' },
      onLine: (line) => lines.push(line),
    });
    await commands.run(spec, never);
    const { namespace, pid, started } = ownProcess();
    expect(lines.filter((line) => !/^(PWD|OLDPWD|SHLVL|_)=/.test(line)).sort()).toEqual([
      expect.stringMatching(`^CLONE_MARKER=s-1\\.${namespace}\\.${pid}\\.${started}\\.[0-9a-f]{12}$`),
      'MINE=a b',
      'PATH=/usr/bin:/bin',
    ]);
  });

  it('finds its standard input closed, or reads what it is told', async () => {
    expect(await commands.run(shell('cat'), never)).toMatchObject(exited(0));
    const spec = shell('wc -c', { stdin: 'é'.repeat(500_000) });
    expect(await commands.run(spec, never)).toMatchObject(exited(0));
    expect((await readFile(spec.stdoutFile, 'utf8')).trim()).toBe('1000000');
  });

  it('may end without reading what it is told', async () => {
    expect(await commands.run(shell('exit 0', { stdin: 'x'.repeat(1_000_000) }), never)).toMatchObject(
      exited(0),
    );
  });

  it('appends to its files, and only what is new is handed on', async () => {
    const lines: string[] = [];
    const spec = shell('echo new; echo worse >&2', { onLine: (line) => lines.push(line) });
    await writeFile(spec.stdoutFile, 'old\n');
    await writeFile(spec.stderrFile ?? '', 'bad\n');
    expect((await commands.run(spec, never)).stderrTail).toBe('worse\n');
    expect(lines).toEqual(['new']);
    expect(await readFile(spec.stdoutFile, 'utf8')).toBe('old\nnew\n');
  });

  it('writes both streams to one file when it is given one', async () => {
    const spec = shell('echo a; echo b >&2; echo c', { stderrFile: undefined });
    expect((await commands.run(spec, never)).stderrTail).toBe('a\nb\nc\n');
    expect(await readFile(spec.stdoutFile, 'utf8')).toBe('a\nb\nc\n');
  });

  it('is told to have died by a signal that was not ours', async () => {
    const end = await commands.run(shell('kill -9 $$'), never);
    expect(end).toMatchObject({ ending: 'exited', exitCode: 137, signal: 'SIGKILL' });
  });

  it.each<[what: string, rest: Partial<CommandSpec>, message: RegExp]>([
    ['there is no such program', { program: 'no-such-program' }, /^no-such-program: no such program$/],
    ['the path leads nowhere', { program: './nowhere' }, /no such program/],
    ['the program is a folder', { program: '/tmp' }, /no such program/],
    ['the folder is missing', { cwd: '/nowhere/at/all' }, /no such folder/],
    ['an argument is too long', { args: ['-c', `: ${'x'.repeat(3_000_000)}`] }, /E2BIG/],
    ['an argument is no text', { args: ['-c', 'a\0b'] }, /null bytes/],
  ])('is not started when %s', async (_what, rest, message) => {
    const end = await commands.run(shell('true', rest), never);
    expect(end).toMatchObject({ ending: 'not-started', exitCode: undefined, seconds: 0 });
    expect(end.message).toMatch(message);
  });

  it('is not started when it is stopped before', async () => {
    expect(await commands.run(shell('true'), AbortSignal.abort())).toMatchObject({
      ending: 'stopped',
      exitCode: undefined,
    });
  });

  it('is ended when its time is up, also when it will not hear of it', async () => {
    const unique = token();
    const spec = shell(`trap "" TERM INT; sleep ${unique} & while :; do sleep ${unique}; done`, {
      limits: { totalMs: 200 },
    });
    expect(await commands.run(spec, never)).toMatchObject({ ending: 'timeout', signal: 'SIGKILL' });
    expect(running(unique)).toEqual([]);
  });

  it('is interrupted first, and may say its last word', async () => {
    const stop = new AbortController();
    const lines: string[] = [];
    const spec = shell('trap "echo bye; exit 7" INT; echo ready; while :; do sleep 0.02; done', {
      interrupt: 'SIGINT',
      onLine(line) {
        lines.push(line);
        if (line === 'ready') stop.abort();
      },
    });
    expect(await commands.run(spec, stop.signal)).toMatchObject({ ending: 'stopped', exitCode: 7 });
    expect(lines).toEqual(['ready', 'bye']);
  });

  it('is ended when it floods, long before its time is up', async () => {
    const modest = supervisedCommands({
      graceMs: 300,
      pollMs: 10,
      mostBytes: 1_000_000,
      containment: 'process-group',
    });
    const spec = shell('yes line', { limits: { totalMs: 20_000 } });
    await writeFile(spec.stdoutFile, 'x'.repeat(900_000));
    expect(await modest.run(spec, never)).toMatchObject({ ending: 'flooded' });
    const short = shell('head -c 900000 /dev/zero');
    await writeFile(short.stdoutFile, 'x'.repeat(900_000));
    expect(await modest.run(short, never)).toMatchObject(exited(0));
  });

  it('is ended when it is silent', async () => {
    const spec = shell('echo hello; sleep 1000', { limits: { totalMs: 20_000, silenceMs: 200 } });
    expect(await commands.run(spec, never)).toMatchObject({ ending: 'silent' });
  });

  it('is not silent as long as it complains', async () => {
    const spec = shell('for i in 1 2 3 4 5 6; do sleep 0.3; echo oh >&2; done', {
      limits: { totalMs: 20_000, silenceMs: 1500 },
    });
    expect(await commands.run(spec, never)).toMatchObject(exited(0));
  });

  it('may be quiet where that is allowed, as long as it works', async () => {
    const work = 'i=0; while [ $i -lt 250000 ]; do i=$((i+1)); done; echo done';
    const limits = { totalMs: 20_000, silenceMs: 300 };
    const busy = await commands.run(shell(work, { limits, quietAllowance: () => 15_000 }), never);
    expect(busy).toMatchObject(exited(0));
    // The shell itself sleeps here: there is no child to end before it.
    const idle = shell('exec sleep 1000', { limits, quietAllowance: () => 15_000 });
    expect(await commands.run(idle, never)).toMatchObject({ ending: 'silent' });
  });

  it('goes on when a child of it hung where quiet is allowed: the child is ended', async () => {
    const unique = token();
    // Long enough for a busy machine to have started the child.
    const spec = shell(`sleep ${unique}; echo "ended by $?"`, {
      limits: { totalMs: 20_000, silenceMs: 700 },
      quietAllowance: () => 15_000,
    });
    expect(await commands.run(spec, never)).toMatchObject(exited(0));
    expect(await readFile(spec.stdoutFile, 'utf8')).toContain('ended by 137');
  });

  it('leaves no daemon behind when it ends well', async () => {
    const unique = token();
    // Only once it has a session of its own does it outlive the group.
    const daemon = `setsid sh -c 'echo >up.${unique}; exec sleep ${unique}' >/dev/null 2>&1`;
    const spec = shell(`${daemon} & sleep ${unique} & until [ -e up.${unique} ]; do sleep 0.01; done`);
    expect(await commands.run(spec, never)).toMatchObject(exited(0));
    expect(running(unique)).toEqual([]);
  });

  it('does not take another command of its session with it', async () => {
    const stop = new AbortController();
    const other = commands.run(
      shell('echo up; while :; do sleep 0.02; done', {
        onLine() {
          void commands.run(shell('true'), never).then(() => {
            stop.abort();
          });
        },
      }),
      stop.signal,
    );
    expect(await other).toMatchObject({ ending: 'stopped' });
  });

  it('is gone also when whoever listens to it has a bug', async () => {
    const unique = token();
    const spec = shell(`sleep ${unique} & echo line; sleep ${unique}`, {
      onLine() {
        throw new Error('a bug');
      },
    });
    await expect(commands.run(spec, never)).rejects.toThrow('a bug');
    expect(running(unique)).toEqual([]);
  });
});

/** Where the system gives nobody a namespace there is none to test; the group above is what such a machine has. */
describe.skipIf(kind === 'process-group')('in a namespace, a command', () => {
  it('leaves no daemon behind that wiped its environment', async () => {
    const unique = token();
    const spec = shell(`env -i setsid sleep ${unique} >/dev/null 2>&1 & sleep 0.05; echo ok`);
    expect(await best.run(spec, never)).toMatchObject(exited(0));
    expect(running(unique)).toEqual([]);
  });

  it('has its orphans collected: none stays as a zombie', async () => {
    const spec = shell('sh -c "true &"; sleep 0.1; cat /proc/[0-9]*/stat | grep -c ") Z "; true');
    await best.run(spec, never);
    expect((await readFile(spec.stdoutFile, 'utf8')).trim()).toBe('0');
  });
});

/** A program of ours, as a process of its own, that supervises a command. */
async function ourProgram(script: string): Promise<string> {
  count += 1;
  const file = path.join(folder, `${count}.mts`);
  const adapter = path.join(import.meta.dirname, 'supervised-commands.ts');
  await writeFile(file, `import { supervisedCommands } from ${JSON.stringify(adapter)};\n${script}`);
  return file;
}

const specOf = (script: string): string =>
  JSON.stringify({ ...shell(script), env: { PATH: process.env['PATH'] }, limits: { totalMs: 60_000 } });

describe('when we are killed ourselves', () => {
  it.skipIf(kind === 'process-group')('everything goes with us', async () => {
    const unique = token();
    const spec = specOf(`env -i setsid sleep ${unique} & sleep ${unique}`);
    const program = await ourProgram(
      `await supervisedCommands().run(${spec}, new AbortController().signal);`,
    );
    // Not in the namespace of `best`, which would do the work: as a plain child.
    const stop = new AbortController();
    const ours = supervisedCommands({ graceMs: 0, pollMs: 10, containment: 'process-group' });
    const run = ours.run(
      { ...shell(''), program: process.execPath, args: [program], interrupt: 'SIGTERM' },
      stop.signal,
    );
    await until(() => running(unique).length >= 2);
    const parent = running(program)[0] ?? 0;
    process.kill(parent, 'SIGKILL');
    await until(() => running(unique).length === 0);
    expect(await run).toMatchObject({ signal: 'SIGKILL' });
  });

  it('what is left without a namespace is swept up at the next start', async () => {
    const unique = token();
    const spec = specOf(`setsid sleep ${unique} & sleep 1000`);
    const options = "{ containment: 'process-group' }";
    const left = await ourProgram(
      `await supervisedCommands(${options}).run(${spec}, new AbortController().signal);`,
    );
    const next = await ourProgram(`console.log(await supervisedCommands(${options}).sweepStrays());`);
    // In a world of its own, so that no strays but these are found.
    const script =
      `${process.execPath} ${left} & pid=$!; until pgrep -f "^sleep ${unique}" >/dev/null; do sleep 0.02; done; ` +
      `kill -9 $pid; wait $pid 2>/dev/null; ${process.execPath} ${next}; ${process.execPath} ${next}; ` +
      `pgrep -f "^sleep ${unique}" | wc -l`;
    const world = shell(script);
    await best.run(world, never);
    const [swept = 0, again, alive] = (await readFile(world.stdoutFile, 'utf8'))
      .trim()
      .split('\n')
      .map(Number);
    expect(swept).toBeGreaterThanOrEqual(1);
    expect({ again, alive }).toEqual({ again: 0, alive: 0 });
  });

  it('a git that waits for its remote is ended gently at the next start, and nothing of the user’s', async () => {
    const [waits, shared] = [token(), token()];
    count += 1;
    const bin = path.join(folder, `bin-${count}`);
    await mkdir(bin);
    // It has a helper, and has opened a connection that outlives it, as ssh does where the user says so.
    const script =
      `trap '' PIPE; trap 'echo removed its locks > ${bin}/ended; exit 1' TERM\n` +
      `sleep ${waits} &\nsetsid sleep ${shared} &\nwhile :; do sleep 0.02; done\n`;
    await writeFile(path.join(bin, 'fetch'), script);
    await symlink('/bin/sh', path.join(bin, 'git'));
    const runGit = path.join(import.meta.dirname, '../git/run-git.ts');
    const left = await ourProgram(
      `const { createRunGit } = await import(${JSON.stringify(runGit)});
       void supervisedCommands;
       await createRunGit({ PATH: ${JSON.stringify(`${bin}:${process.env['PATH'] ?? ''}`)} })(['fetch'], { cwd: ${JSON.stringify(bin)} });`,
    );
    const next = await ourProgram(`console.log(await supervisedCommands().sweepStrays());`);
    const alive = (unique: string): string => `pgrep -f "^sleep ${unique}" | wc -l`;
    const world = shell(
      `${process.execPath} ${left} & pid=$!; until pgrep -f "^sleep ${shared}" >/dev/null; do sleep 0.02; done; ` +
        `${process.execPath} ${next}; kill -9 $pid; wait $pid 2>/dev/null; ${alive(waits)}; ` +
        `${process.execPath} ${next}; ${alive(waits)}; ${alive(shared)}; ${process.execPath} ${next}; cat ${bin}/ended`,
    );
    await best.run(world, never);
    const lines = (await readFile(world.stdoutFile, 'utf8')).trim().split('\n');
    const [before, outlived, swept, waiting, connection, again, said] = lines;
    expect({ before, outlived, waiting, connection, again, said }).toEqual({
      before: '0',
      outlived: '1',
      waiting: '0',
      connection: '1',
      again: '0',
      said: 'removed its locks',
    });
    expect(Number(swept)).toBeGreaterThanOrEqual(2);
  });
});

it('keeps a flood of 100 MB on disk and out of memory', async () => {
  const flood = shell('head -c 100000000 /dev/zero | tr "\\0" "x"; echo; yes line | head -n 200000');
  const program = await ourProgram(`
    const spec = ${JSON.stringify(flood)};
    let lines = 0, longest = 0;
    const onLine = (line) => { lines += 1; longest = Math.max(longest, line.length); };
    await supervisedCommands({}).run({ ...spec, onLine }, new AbortController().signal);
    console.log(JSON.stringify({ lines, longest, peak: process.resourceUsage().maxRSS / 1024 }));
  `);
  const run = shell('', { program: process.execPath, args: [program] });
  expect(await best.run(run, never)).toMatchObject(exited(0));
  const { lines, longest, peak } = JSON.parse(await readFile(run.stdoutFile, 'utf8')) as Record<
    string,
    number
  >;
  expect({ lines, longest }).toEqual({ lines: 200_001, longest: 16 * 1024 * 1024 });
  expect((await stat(flood.stdoutFile)).size).toBe(101_000_001);
  expect(peak).toBeLessThan(190);
});

it('says how it contains, for people', async () => {
  expect(await plain.containment()).toEqual({
    kind: 'process-group',
    description: expect.stringContaining('process group') as string,
  });
  expect((await best.containment()).description).toMatch(/\.$/);
});
