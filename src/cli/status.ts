import { Command, Option } from 'commander';
import { type Instant, seconds } from '../domain/time.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Seeing } from '../ports/seeing.ts';
import { renderText } from '../status/render-text.ts';
import type { StatusReport } from '../status/report.ts';
import { statusOf } from '../status/status-of.ts';
import { statusPage } from '../status/status-page.ts';
import type { CliContext, CommonFlags, Home } from './context.ts';
import { placeOf } from './problems.ts';
import { homeToLook, look, type SeeingContext } from './seeing-context.ts';

interface StatusFlags extends CommonFlags {
  readonly md?: boolean;
  readonly html?: boolean;
  readonly watch?: boolean;
}

const watchEveryMs = seconds(2);

/** `clone status`: where everything stands. Only the plain form counts as a look of a person. */
export function statusCommand(context: SeeingContext): Command {
  return new Command('status')
    .summary('where everything stands')
    .description(
      'Is anything wrong, what needs you, what runs, what waits and for what, what is new, what it cost.',
    )
    .option('--json', 'one JSON object')
    .addOption(new Option('--md', 'Markdown').conflicts(['json', 'html']))
    .addOption(new Option('--html', 'one self-contained HTML page').conflicts('json'))
    .option('--watch', 'show it again every two seconds until Ctrl-C')
    .addHelpText('after', '\nExample:\n  clone status --watch')
    .action(
      look(context, async (flags: StatusFlags) => {
        const home = await homeToLook(context, flags);
        const seeing = await context.seeingOf(home);
        await using ledger = await context.ledger(home);
        do {
          const now = context.now();
          const report = await reportOf({ context, home, ledger, seeing, now });
          await show(context, report, flags);
          if (isPlain(flags)) await seeing.looks.mark(now);
          if (flags.watch) await seeing.clock.sleep(watchEveryMs, context.stop);
        } while (flags.watch && !context.stop.aborted);
        return undefined;
      }),
    );
}

/** The status of a home as it is now; a portfolio that cannot be read is part of it. */
async function reportOf(parts: {
  context: Pick<CliContext, 'portfolio'>;
  home: Home;
  ledger: Ledger;
  seeing: Pick<Seeing, 'looks' | 'processes'>;
  now: Instant;
}): Promise<StatusReport> {
  const { context, home, ledger, seeing, now } = parts;
  const read = await (await context.portfolio(home)).read();
  return statusOf(ledger, {
    home: home.folder,
    portfolio: read.ok ? read.value : [],
    problems: [...(home.problems ?? []), ...(read.ok ? [] : [read.failure])].map(
      (problem) => `${placeOf(problem)}: ${problem.message}`,
    ),
    now,
    lastLook: await seeing.looks.last(),
    alive: (process) => seeing.processes.alive(process),
    sleepSeconds: home.options.sleep_seconds,
  });
}

function isPlain(flags: StatusFlags): boolean {
  return !flags.json && !flags.md && !flags.html;
}

async function show(context: CliContext, report: StatusReport, flags: StatusFlags): Promise<void> {
  if (flags.json) {
    context.print(JSON.stringify(report, null, flags.watch ? undefined : 2));
  } else if (flags.md) {
    const { renderMarkdown } = await import('../status/render-markdown.ts');
    context.write(renderMarkdown(statusPage(report)));
  } else if (flags.html) {
    const { renderHtml } = await import('../status/render-html.ts');
    context.write(renderHtml(statusPage(report)));
  } else {
    const columns = context.terminal ? context.columns : Number.MAX_SAFE_INTEGER;
    const text = renderText(statusPage(report), { columns, colour: context.colour });
    context.write(flags.watch && context.terminal ? `\u001b[2J\u001b[H${text}\n` : `${text}\n`);
  }
}
