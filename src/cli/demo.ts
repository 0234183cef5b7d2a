import path from 'node:path';
import { Command } from 'commander';
import { act } from './act.ts';
import { exitCodes } from './context.ts';
import type { FrontContext } from './front-context.ts';
import { usageProblem } from './problems.ts';
import { quoted } from './quoted.ts';

interface DemoFlags {
  readonly keep?: boolean;
  readonly dir?: string;
}

/** `clone demo`: the whole main job in a sandbox on this machine, with no account and nothing of the user's. */
export function demoCommand(context: FrontContext): Command {
  return new Command('demo')
    .summary('watch the whole job once, in a sandbox, with no account')
    .description(
      'Builds five small repositories on a GitHub of their own (on this machine), runs the real Codex program against a scripted ' +
        'model, and lets clone work: one feature, one repair, one red CI that is read and fixed, one repository left alone; ' +
        'a task that a person asked for, an idea that becomes a repository, and a stranger’s issue that is refused.',
    )
    .option('--keep', 'leave the sandbox running, to look around and to run clone in it; Ctrl-C ends it')
    .option('--dir <folder>', 'build it there (default: a new temporary folder)')
    .addHelpText('after', '\nExample:\n  clone demo --keep')
    .action(act(context, (flags: DemoFlags) => demo(context, flags)));
}

async function demo(context: FrontContext, flags: DemoFlags): Promise<number> {
  const { startDemo, demoFolder, idea, isFree, operatorTask } = await import('../../testkit/demo/demo.ts');
  if (flags.dir !== undefined && !(await isFree(flags.dir)))
    throw usageProblem(
      'folder-not-empty',
      `${flags.dir} is not an empty folder`,
      'name a folder that does not exist yet, or leave --dir out',
    );
  const folder = flags.dir === undefined ? await demoFolder() : path.resolve(flags.dir);
  context.print('Building a sandbox: five repositories, a GitHub and a scripted model, all on 127.0.0.1 ...');
  await using sandbox = await startDemo(folder);
  context.print(`Sandbox: ${sandbox.folder}`);
  const { home } = sandbox;
  const first = [
    ['tasks', 'add', operatorTask],
    ['ideas', 'add', idea.title, '--summary', idea.summary, '--repo-name', idea.repo],
  ];
  for (const args of first) {
    context.print('');
    context.print(`$ clone ${args.map((word) => (word.includes(' ') ? `"${word}"` : word)).join(' ')}`);
    await sandbox.clone([...args, '--home', home], { inherit: true });
  }
  context.print('');
  context.print('$ clone run --cycles 1 --parallel 3');
  const ran = await sandbox.clone(['run', '--cycles', '1', '--parallel', '3', '--home', home], {
    inherit: true,
    interrupt: context.stop,
  });
  context.print('');
  context.print('$ clone status');
  await sandbox.clone(['status', '--home', home], { inherit: true });
  context.print('');
  const { problems } = sandbox.model;
  for (const problem of problems) context.complain(`scripted model: ${problem}`);
  if (ran.exitCode !== exitCodes.done || problems.length > 0) {
    context.complain(`The demo did not go as it should; everything it wrote is in ${folder}`);
    return ran.exitCode || exitCodes.wrong;
  }
  for (const line of whatHappened(sandbox.folder, home)) context.print(line);
  if (flags.keep && !context.stop.aborted) await keep(context, sandbox.home, sandbox.env);
  return ran.exitCode;
}

function whatHappened(folder: string, home: string): readonly string[] {
  return [
    'What happened, and where to look:',
    '  greeting-cards  gained a feature with its test:           clone show greeting-cards',
    '  price-list      failed its tests first, was repaired; its',
    '                  memory was over its limit and compacted:  clone memory show price-list',
    '  shopping-list   got what a person had asked for:          clone tasks list --all',
    '  train-times     was green here and red in CI; the log was',
    '                  read, the fix pushed, and CI is green:    clone show train-times',
    '                  the incident and its rule are remembered: clone incidents',
    '  quiet-notes     had nothing to do and cost one plan turn;',
    '                  a stranger’s issue there was refused:     clone show quiet-notes',
    '  voice-notes     was an idea and is a repository; CI is green,',
    '                  and it was visited in the same cycle:     clone ideas show voice-notes',
    `  every event, prompt, stream and check of the run:         ${quoted(`${home}/logs/latest/`)}`,
    `(Say which home: clone show train-times --home ${quoted(home)}; in a checkout of clone, npm run -s clone -- show ...)`,
    `The files stay: rm -r ${quoted(folder)} removes them.`,
  ];
}

async function keep(
  context: FrontContext,
  home: string,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  context.print('');
  context.print('The sandbox stays until Ctrl-C. In another terminal:');
  context.print(`  export GITHUB_TOKEN=${env['GITHUB_TOKEN'] ?? ''} CLONE_HOME=${quoted(home)}`);
  context.print('  clone status; clone show train-times; clone commits --since 1h; clone run');
  context.print('(in a checkout of clone: npm run -s clone -- status, and so on)');
  await new Promise<void>((resolve) => {
    if (context.stop.aborted) resolve();
    else
      context.stop.addEventListener(
        'abort',
        () => {
          resolve();
        },
        { once: true },
      );
  });
}
