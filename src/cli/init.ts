import path from 'node:path';

import { Command } from 'commander';

import { starterIdeas, starterPortfolio, starterSettings } from '../config/starter-files.ts';
import { act } from './act.ts';
import type { CommonFlags } from './context.ts';
import type { FrontContext } from './front-context.ts';
import { usageProblem } from './problems.ts';
import { quoted } from './quoted.ts';

/** `clone init`: makes a home and says what to do next. Never overwrites anything. */
export function initCommand(context: FrontContext): Command {
  return new Command('init')
    .summary('make a home: clone.yaml, repos.yaml, ideas.yaml')
    .description(
      'Makes a home in a folder: clone.yaml, repos.yaml and ideas.yaml. What is there already stays as it is.',
    )
    .argument('[dir]', 'the folder; made when missing (default: --home, else CLONE_HOME, else here)')
    .addHelpText('after', '\nExample:\n  clone init ~/clone-home')
    .action(act(context, (dir: string | undefined, flags: CommonFlags) => init(context, dir ?? flags.home)));
}

async function init(context: FrontContext, asked: string | undefined): Promise<number> {
  const files = await context.files();
  const folder = files.resolve(asked ?? (context.env['CLONE_HOME'] || '.'));
  const starters = [
    ['clone.yaml', starterSettings(), 'settings, all commented out'],
    ['repos.yaml', starterPortfolio, 'the portfolio, empty'],
    ['ideas.yaml', starterIdeas, 'the incubator, empty'],
  ] as const;
  for (const [name, text, what] of starters) {
    const written = await files.writeNew(path.join(folder, name), text);
    if (!written.ok)
      throw usageProblem('home-unwritable', `${folder}: ${written.failure}`, 'name another folder');
    context.print(written.value ? `made  ${name}  ${what}` : `kept  ${name}  it was there already`);
  }

  const isHere = folder === path.resolve(context.cwd);
  const found = await files.find(undefined);
  const needsHome = !isHere && found.folder !== folder;
  const flag = needsHome ? ` --home ${quoted(folder)}` : '';
  context.print('');
  context.print(`The home is ${folder}. Next:`);
  context.print(`  clone discover ~/code${flag}   find the repositories you work on`);
  context.print(`  clone run --dry-run${flag}     see what a cycle would do`);
  if (needsHome) context.print(`or say once: export CLONE_HOME=${quoted(folder)}`);
  return 0;
}
