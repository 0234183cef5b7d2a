import { Command } from 'commander';

import { act } from './act.ts';
import type { CommonFlags } from './context.ts';
import type { FrontContext } from './front-context.ts';
import { type AddFlags, addRepo } from './repos-add.ts';
import { changeMark, removeRepos } from './repos-change.ts';
import { listRepos } from './repos-list.ts';
import { whyRepo } from './repos-why.ts';
import { look } from './seeing-context.ts';

/** `clone repos`: the portfolio, one repository at a time. */
export function reposCommand(context: FrontContext): Command {
  return new Command('repos')
    .summary('list, pin, ignore, add and remove repositories')
    .addCommand(
      new Command('list')
        .summary('every repository of the portfolio, and whether it is in')
        .option('--json', 'answer in JSON')
        .addHelpText('after', '\nExample:\n  clone repos list --json')
        .action(act(context, (flags: CommonFlags) => listRepos(context, flags))),
      { isDefault: true },
    )
    .addCommand(markCommand(context, 'pin', 'keep repositories in, however long untouched'))
    .addCommand(markCommand(context, 'unpin', 'let activity decide again'))
    .addCommand(markCommand(context, 'ignore', 'never visit repositories; their entries stay'))
    .addCommand(markCommand(context, 'unignore', 'let them be visited again'))
    .addCommand(
      new Command('add')
        .summary('put a repository into the portfolio')
        .argument('<path>', 'its folder')
        .option('--name <name>', 'its name in the portfolio (default: the name of the folder)')
        .option('--branch <branch>', 'the branch that work lands on (default: detected)')
        .option('--objective <text>', 'what it is for (default: from its README)')
        .option('--pin', 'keep it in, however long untouched')
        .addHelpText('after', '\nExample:\n  clone repos add ~/code/jwt-workbench --pin')
        .action(act(context, (path: string, flags: AddFlags) => addRepo(context, path, flags))),
    )
    .addCommand(
      new Command('remove')
        .summary('take repositories out of the portfolio; their files stay')
        .argument('<name...>', 'names in the portfolio')
        .addHelpText('after', '\nExample:\n  clone repos remove jwt-workbench')
        .action(
          act(context, (names: readonly string[], flags: CommonFlags) => removeRepos(context, names, flags)),
        ),
    )
    .addCommand(
      new Command('why')
        .summary('why a repository is in or out, and what calls for its next visit')
        .argument('<name>', 'its name in the portfolio')
        .option('--json', 'answer in JSON')
        .addHelpText('after', '\nExample:\n  clone repos why jwt-workbench')
        .action(look(context, (name: string, flags: CommonFlags) => whyRepo(context, name, flags))),
    )
    .addHelpText('after', '\nExample:\n  clone repos pin jwt-workbench');
}

type MarkName = Parameters<typeof changeMark>[1];

function markCommand(context: FrontContext, name: MarkName, summary: string): Command {
  return new Command(name)
    .summary(summary)
    .argument('<name...>', 'names in the portfolio')
    .addHelpText('after', `\nExample:\n  clone repos ${name} jwt-workbench`)
    .action(
      act(context, (names: readonly string[], flags: CommonFlags) => changeMark(context, name, names, flags)),
    );
}
