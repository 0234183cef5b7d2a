import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Command } from 'commander';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { type FrontDoor, frontDoor } from '../../test/fakes/front-door.ts';
import { act } from './act.ts';
import type { CommandEntry } from './command-entry.ts';
import { commandTable } from './command-table.ts';
import { CliProblem } from './context.ts';

let folder: string;
let door: FrontDoor;
const loaded: string[] = [];
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'front-'));
  door = at({});
  loaded.length = 0;
});
afterEach(() => rm(folder, { recursive: true }));

function at(env: Readonly<Record<string, string>>): FrontDoor {
  return frontDoor({ cwd: folder, userFolder: folder, env, table: [greet, breaks, shelf, status] });
}
function entry(name: string, make: CommandEntry['load']): CommandEntry {
  return {
    name,
    summary: `does ${name}`,
    group: 'To test:',
    load: () => {
      loaded.push(name);
      return make();
    },
  };
}
const greet = entry('greet', () =>
  Promise.resolve((context) =>
    new Command('greet')
      .argument('<who>', 'whom')
      .option('--json', 'in JSON')
      .option('--exit <n>', 'exit code', Number)
      .addHelpText('after', '\nExample:\n  clone greet Ada')
      .action(
        act(context, (who: string, flags: { exit?: number; json?: boolean; home?: string }) => {
          context.print(JSON.stringify({ who, ...flags }));
          return flags.exit;
        }),
      ),
  ),
);
const breaks = entry('breaks', () =>
  Promise.resolve((context) =>
    new Command('breaks')
      .argument('<how>')
      .option('--json')
      .action(
        act(context, (how: string) => {
          if (how === 'bug') throw new TypeError('x is not a function');
          throw new CliProblem({ code: 'held', message: 'someone is here', hint: 'wait', exitCode: 5 });
        }),
      ),
  ),
);
const shelf = entry('shelf', () =>
  Promise.resolve((context) =>
    new Command('shelf')
      .addCommand(
        new Command('list').option('--json').action(
          act(context, (flags: object) => {
            context.print(JSON.stringify(flags));
            return 0;
          }),
        ),
        { isDefault: true },
      )
      .addCommand(new Command('empty').action(act(context, () => 1))),
  ),
);
const status = entry('status', () =>
  Promise.resolve((context) =>
    new Command('status').option('--json').action(
      act(context, (flags: object) => {
        context.print(`status ${JSON.stringify(flags)}`);
        return 0;
      }),
    ),
  ),
);

it.each<[args: string, exitCode: number, out: string]>([
  ['greet Ada', 0, '{"who":"Ada"}\n'],
  ['greet Ada --json', 0, '{"who":"Ada","json":true}\n'],
  ['--json greet Ada', 0, '{"who":"Ada","json":true}\n'],
  ['--home /h greet Ada', 0, '{"who":"Ada","home":"/h"}\n'],
  ['--home=/h greet Ada', 0, '{"who":"Ada","home":"/h"}\n'],
  ['greet --home /h Ada', 0, '{"who":"Ada","home":"/h"}\n'],
  ['--json greet -- --odd', 0, '{"who":"--odd","json":true}\n'],
  ['greet Ada --exit 4', 4, '{"who":"Ada","exit":4}\n'],
  ['shelf', 0, '{}\n'],
  ['shelf --json', 0, '{"json":true}\n'],
  ['--home /h shelf', 0, '{"home":"/h"}\n'],
  ['shelf list --home /h', 0, '{"home":"/h"}\n'],
  ['shelf empty', 1, ''],
  ['--version', 0, '1.2.3\n'],
  ['-V --json', 0, '1.2.3\n'],
])('clone %s ends with %i', async (args, exitCode, out) => {
  expect(await door.clone(...args.split(' '))).toEqual({ exitCode, out, err: '' });
});

it.each<[args: string, exitCode: number, err: string]>([
  ['greer Ada', 2, 'error: greer is not a command of clone\nhint: did you mean greet?\n'],
  ['zebra', 2, 'error: zebra is not a command of clone\nhint: clone --help lists every command\n'],
  ['help zebra', 2, 'error: zebra is not a command of clone\nhint: clone --help lists every command\n'],
  ['shelf lsit', 2, 'error: clone shelf has no lsit\nhint: did you mean list?\n'],
  ['greet', 2, "error: missing required argument 'who'\nhint: add --help for what is possible\n"],
  [
    'greet Ada Bob',
    2,
    "error: too many arguments for 'greet'. Expected 1 argument but got 2: Ada, Bob.\nhint: add --help for what is possible\n",
  ],
  ['shel', 2, 'error: shel is not a command of clone\nhint: did you mean shelf?\n'],
  ['she', 2, 'error: she is not a command of clone\nhint: did you mean shelf?\n'],
  ['--jsn', 2, "error: unknown option '--jsn'\nhint: Did you mean --json?\n"],
  ['--home', 2, "error: option '--home <dir>' argument missing\nhint: add --help for what is possible\n"],
  ['greet Ada --jsn', 2, "error: unknown option '--jsn'\nhint: Did you mean --json?\n"],
  ['breaks held', 5, 'error: someone is here\nhint: wait\n'],
  ['breaks held --json', 5, '{"code":"held","message":"someone is here","hint":"wait"}\n'],
  [
    'greet --json Ada --odd',
    2,
    `{"code":"unknown-option","message":"unknown option '--odd'","hint":"add --help for what is possible"}\n`,
  ],
  [
    'zebra --json',
    2,
    '{"code":"command-unknown","message":"zebra is not a command of clone","hint":"clone --help lists every command"}\n',
  ],
])('clone %s fails with %i, without a stack trace', async (args, exitCode, err) => {
  expect(await door.clone(...args.split(' '))).toEqual({ exitCode, out: '', err });
});

it('tells a bug in one line, and its stack to who debugs', async () => {
  const short = await door.clone('breaks', 'bug');
  expect(short.exitCode).toBe(1);
  expect(short.err).toMatch(
    /^error: something unexpected happened: x is not a function\nhint: this is a bug in clone 1\.2\.3.*\n$/,
  );
  expect((await at({ CLONE_DEBUG: '1' }).clone('breaks', 'bug')).err).toContain('at ');
});

it('loads only the command that is asked for', async () => {
  await door.clone('--help');
  await door.clone('zebra');
  expect(loaded).toEqual([]);
  await door.clone('greet', 'Ada');
  expect(loaded).toEqual(['greet']);
});

it.each(['--help', '-h', 'help', 'help --help'])('lists every command with clone %s', async (flag) => {
  const { exitCode, out } = await door.clone(...flag.split(' '));
  expect(exitCode).toBe(0);
  for (const line of ['To test:', 'greet          does greet', 'Example:']) expect(out).toContain(line);
});

it.each(['greet --help', 'help greet', 'greet -h'])('explains a command with clone %s', async (args) => {
  const { exitCode, out } = await door.clone(...args.split(' '));
  expect(exitCode).toBe(0);
  for (const line of ['Usage: clone greet', '--home <dir>', 'Example:\n  clone greet Ada'])
    expect(out).toContain(line);
});

it('alone says how to begin, and where there is a home, its status', async () => {
  expect((await door.clone()).out).toContain('clone init');
  expect(JSON.parse((await door.clone('--json')).out)).toMatchObject({
    schema_version: 1,
    home: null,
    begin: [{ command: 'clone init' }, {}, {}, {}],
  });
  expect((await door.clone('--home', folder, '--json')).out).toBe(
    `status ${JSON.stringify({ home: folder, json: true })}\n`,
  );
  expect((await at({ CLONE_HOME: folder }).clone()).out).toBe('status {}\n');
});

it.each(commandTable.map(({ name }) => name))('clone %s has help with an example', async (name) => {
  const { exitCode, out } = await frontDoor({ cwd: folder, userFolder: folder }).clone(name, '--help');
  expect(exitCode).toBe(0);
  expect(out).toMatch(/Example:\n {2}clone /);
});
