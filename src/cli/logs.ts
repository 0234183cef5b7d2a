import path from 'node:path';
import { Command } from 'commander';
import type { LedgerEvent } from '../domain/fact.ts';
import { didYouMean } from '../domain/nearest-name.ts';
import { seconds } from '../domain/time.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { RunView, SessionView } from '../ledger/views.ts';
import type { Seeing } from '../ports/seeing.ts';
import { eventJson } from '../status/event-json.ts';
import { lastRun } from '../status/last-run.ts';
import { liveAfter, nothingYet } from '../status/live-state.ts';
import { plainLine, stamped } from '../status/plain-line.ts';
import type { CliContext, CommonFlags, Home } from './context.ts';
import { findRepo } from './find-repo.ts';
import { usageProblem } from './problems.ts';
import { homeToLook, look, type SeeingContext } from './seeing-context.ts';

interface LogsFlags extends CommonFlags {
  readonly follow?: boolean;
  readonly repo?: string;
  readonly turn?: string;
}

interface Reading {
  readonly context: CliContext;
  readonly ledger: Ledger;
  readonly seeing: Seeing;
  readonly run: RunView;
  readonly flags: LogsFlags;
}

const lookEveryMs = seconds(0.5);
const eventsAtOnce = 2000;

/** `clone logs`: what a run did, line by line, or what an agent said in one turn. */
export function logsCommand(context: SeeingContext): Command {
  return new Command('logs')
    .summary('what a run did, line by line')
    .description('Prints what a run did, in order; with --turn the raw stream of one agent turn.')
    .argument('[run]', 'a run; without it the last one')
    .option('-f, --follow', 'go on until the run ends or Ctrl-C')
    .option('--repo <name>', 'only this repository')
    .option('--turn <name>', 'the raw stream of a turn, such as 2-task-csv')
    .option('--json', 'every event as one JSON line')
    .addHelpText('after', '\nExample:\n  clone logs -f --repo jwt-workbench')
    .action(
      look(context, async (id: string | undefined, flags: LogsFlags) => {
        const home = await homeToLook(context, flags);
        const seeing = await context.seeingOf(home);
        await using ledger = await context.ledger(home);
        const run = await chosenRun(ledger, id);
        if (flags.repo !== undefined) await refuseUnknownRepo(context, { home, ledger, name: flags.repo });
        const reading = { context, ledger, seeing, run, flags };
        await (flags.turn === undefined ? printEvents(reading) : printTurn(reading, flags.turn));
        return undefined;
      }),
    );
}

async function chosenRun(ledger: Ledger, id: string | undefined): Promise<RunView> {
  const runs = await ledger.runs(1000);
  const last = await lastRun(ledger);
  if (last === undefined) throw usageProblem('no-run', 'nothing has run yet', 'clone run begins');
  if (id === undefined || id === 'latest') return last;
  const wanted = id.replace(/^run-/, '');
  const found =
    runs.find((run) => run.id === wanted) ?? onlyOne(runs.filter((run) => run.id.startsWith(wanted)));
  if (found !== undefined) return found;
  const names = runs.map((run) => run.id);
  throw usageProblem(
    'run-unknown',
    `there is no run ${id}`,
    didYouMean(wanted, names, `the last one is ${last.id}`),
  );
}

/** A name that no visit and no entry has is a slip of the pen; silence would look like "nothing happened". */
async function refuseUnknownRepo(
  context: CliContext,
  { home, ledger, name }: { home: Home; ledger: Ledger; name: string },
): Promise<void> {
  if ((await ledger.repo(name)) !== undefined) return;
  const read = await (await context.portfolio(home)).read();
  if (read.ok) findRepo(read.value, name);
}

function onlyOne<Item>(items: readonly Item[]): Item | undefined {
  return items.length === 1 ? items[0] : undefined;
}

async function printEvents({ context, ledger, seeing, run, flags }: Reading): Promise<void> {
  let live = nothingYet;
  let seen = 0;
  const print = (event: LedgerEvent): void => {
    live = liveAfter(live, event);
    if (flags.repo !== undefined && event.repo !== flags.repo) return;
    if (flags.json) {
      context.print(JSON.stringify(eventJson(event)));
      return;
    }
    const line = plainLine(event, (session) => live.sessions.get(session));
    if (line !== undefined) context.print(stamped(event.at, line));
  };
  for (;;) {
    const going = (await ledger.run(run.id))?.state === 'running' && seeing.processes.alive(processOf(run));
    for (;;) {
      const events = await ledger.events({ run: run.id, afterSeq: seen, limit: eventsAtOnce });
      for (const event of events) print(event);
      seen = events.at(-1)?.seq ?? seen;
      if (events.length < eventsAtOnce || stopped(context, flags)) break;
    }
    if (!flags.follow || !going || context.stop.aborted) return;
    await seeing.clock.sleep(lookEveryMs, context.stop);
  }
}

/** Asking for `stop` takes Ctrl-C over; only somebody who follows wants that. */
function stopped(context: CliContext, flags: LogsFlags): boolean {
  return flags.follow === true && context.stop.aborted;
}

function processOf(run: RunView): { pid: number; start: string } {
  return { pid: run.pid, start: run.processStart };
}

async function printTurn(reading: Reading, name: string): Promise<void> {
  const { context, ledger, seeing, run, flags } = reading;
  const { session, turn } = await chosenTurn(reading, name);
  const file = path.join(run.folder, turn.log);
  let next = 0;
  let found = false;
  for (;;) {
    const now = await ledger.session(session.id);
    const going = now?.turns.findLast((one) => one.id === turn.id)?.outcome === undefined;
    for (;;) {
      const read = await seeing.logs.read(file, next);
      if (read === undefined || read.next === next) break;
      found = true;
      next = read.next;
      context.write(read.text);
    }
    if (!flags.follow || !going || !(await stillRuns(reading)) || context.stop.aborted) break;
    await seeing.clock.sleep(lookEveryMs, context.stop);
  }
  if (!found)
    throw usageProblem(
      'log-missing',
      `nothing is left of the turn: ${file}`,
      'old logs are removed (keep_runs, keep_logs_mb)',
    );
}

async function stillRuns({ ledger, seeing, run }: Reading): Promise<boolean> {
  return (await ledger.run(run.id))?.state === 'running' && seeing.processes.alive(processOf(run));
}

type Turn = SessionView['turns'][number];

async function chosenTurn(
  { ledger, run, flags }: Reading,
  name: string,
): Promise<{ session: SessionView; turn: Turn }> {
  const sessions = await ledger.sessions({
    run: run.id,
    ...(flags.repo === undefined ? {} : { repo: flags.repo }),
  });
  const all = sessions.flatMap((session) => session.turns.map((turn) => ({ session, turn })));
  const short = ({ turn }: { turn: Turn }): string => turn.id.slice(turn.id.lastIndexOf('/') + 1);
  const exact = all.filter((one) => one.turn.id === name || short(one) === name);
  const near =
    exact.length > 0
      ? exact
      : all.filter((one) => short(one).startsWith(`${name}-`) || one.turn.task === name);
  const found = near.at(-1);
  const repos = new Set(near.map(({ session }) => session.repo));
  if (found === undefined) {
    const hint = didYouMean(
      name,
      all.map(short),
      `this run has ${all.map(short).slice(-8).join(', ') || 'no turns'}`,
    );
    throw usageProblem('turn-unknown', `there is no turn ${name} in run ${run.id}`, hint);
  }
  if (repos.size > 1) {
    throw usageProblem(
      'ambiguous',
      `several repositories have a turn ${name}`,
      `add --repo: ${[...repos].join(', ')}`,
    );
  }
  return found;
}
