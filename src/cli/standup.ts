import { Command, Option } from 'commander';
import { renderMarkdown } from '../status/render-markdown.ts';
import { renderText } from '../status/render-text.ts';
import { standupOf } from '../status/standup.ts';
import { standupPage } from '../status/standup-page.ts';
import type { CommonFlags } from './context.ts';
import { sinceOption } from './durations.ts';
import { placeOf } from './problems.ts';
import { homeToLook, look, type SeeingContext } from './seeing-context.ts';

interface StandupFlags extends CommonFlags {
  readonly since: number;
  readonly md?: boolean;
}

/** `clone standup`: the morning report. */
export function standupCommand(context: SeeingContext): Command {
  return new Command('standup')
    .summary('the morning report: what changed and why, what failed, what is next')
    .description(
      'Per repository: what landed and why, what failed and what it taught, what is next, what it cost.',
    )
    .addOption(sinceOption())
    .addOption(new Option('--md', 'Markdown').conflicts('json'))
    .option('--json', 'one JSON object')
    .addHelpText('after', '\nExample:\n  clone standup --since 12h --md')
    .action(
      look(context, async (flags: StandupFlags) => {
        const home = await homeToLook(context, flags);
        const seeing = await context.seeingOf(home);
        await using ledger = await context.ledger(home);
        const read = await (await context.portfolio(home)).read();
        const now = context.now();
        const question = {
          home: home.folder,
          portfolio: read.ok ? read.value : [],
          problems: read.ok ? [] : [`${placeOf(read.failure)}: ${read.failure.message}`],
          now,
          lastLook: undefined,
          alive: seeing.processes.alive.bind(seeing.processes),
        };
        const report = await standupOf(ledger, question, now - flags.since);
        if (flags.json) {
          context.print(JSON.stringify(report, null, 2));
        } else if (flags.md) {
          context.write(renderMarkdown(standupPage(report)));
        } else {
          const columns = context.terminal ? context.columns : Number.MAX_SAFE_INTEGER;
          context.print(renderText(standupPage(report), { columns, colour: context.colour }));
        }
        return undefined;
      }),
    );
}
