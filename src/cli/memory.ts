import { Command, Option } from 'commander';

import { act } from './act.ts';
import type { CommonFlags } from './context.ts';
import type { FrontContext } from './front-context.ts';
import { type CompactFlags, compactOne } from './memory-compact.ts';
import { lintCheckouts } from './memory-lint.ts';
import { showMemory } from './memory-show.ts';
import { look } from './seeing-context.ts';

/** `clone memory`: what repositories remember. */
export function memoryCommand(context: FrontContext): Command {
  return new Command('memory')
    .summary('what a repository remembers; show, lint, compact')
    .addCommand(
      new Command('show')
        .summary('what a repository remembers: facts, decisions, incidents, candidates')
        .argument('<repo>', 'its name in the portfolio')
        .option('--json', 'one JSON object')
        .addHelpText('after', '\nExample:\n  clone memory show jwt-workbench')
        .action(act(context, (name: string, flags: CommonFlags) => showMemory(context, name, flags))),
    )
    .addCommand(
      new Command('lint')
        .summary('what in these files does not have their format')
        .description('Prints FILE:LINE and what is wrong there; exits with 1 if there is anything.')
        .argument('<repo>', 'its name in the portfolio; all: every repository')
        .option('--json', 'one JSON object')
        .addHelpText('after', '\nExample:\n  clone memory lint all')
        .action(act(context, (name: string, flags: CommonFlags) => lintCheckouts(context, name, flags))),
    )
    .addCommand(
      new Command('compact')
        .summary('shorten PROJECT_MEMORY.md: old entries become one line each')
        .description(
          'Lands a commit that keeps the whole file in .clone_memory_archive/ and shortens it: old entries become one line each, the newest and every line that people wrote stay as they are.',
        )
        .argument('<repo>', 'its name in the portfolio')
        .option('--dry-run', 'only say what would be shortened')
        .addOption(
          new Option(
            '--summaries <who>',
            'who words these lines: mechanical (free, at once) or agent (one short turn)',
          )
            .choices(['mechanical', 'agent'])
            .default('mechanical'),
        )
        .option('--json', 'one JSON object')
        .addHelpText(
          'after',
          '\nExamples:\n  clone memory compact jwt-workbench --dry-run\n  clone memory compact jwt-workbench --summaries agent',
        )
        .action(look(context, (name: string, flags: CompactFlags) => compactOne(context, name, flags))),
    )
    .addHelpText('after', '\nExample:\n  clone memory show jwt-workbench');
}
