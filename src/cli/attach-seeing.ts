import type { LedgerEvent } from '../domain/fact.ts';
import { type Instant, isoUtc } from '../domain/time.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { RunPages, Screen, Seeing } from '../ports/seeing.ts';
import { eventJson } from '../status/event-json.ts';
import { type LiveState, liveAfter, nothingYet } from '../status/live-state.ts';
import { plainLine, stamped } from '../status/plain-line.ts';
import { renderLive } from '../status/render-live.ts';
import type { AttachOptions } from './attach-options.ts';
import type { CliContext } from './context.ts';
import { runPageWriter } from './write-run-pages.ts';

const redrawEveryMs = 250;
const leastRows = 4;

/**
 * Lets a run be seen while it goes on: on standard output, and in the files of its log folder. Closing writes the
 * last state of everything. Nothing that goes wrong here stops the run; it is said at the end.
 */
export async function attachSeeing(options: AttachOptions): Promise<{ close(): Promise<void> }> {
  const { ledger, context, seeing, mode } = options;
  const pages = await seeing.pages(options.runFolder);
  const screen = mode === 'live' ? seeing.screen(context.write.bind(context)) : undefined;
  const writer = runPageWriter(options, pages);
  let state = await whatIsOpen(ledger);

  const unlisten = ledger.listen((event) => {
    state = liveAfter(state, event);
    tell(event, { ...options, pages, screen, state });
    writer.heard(event, state);
  });
  const over = new AbortController();
  const drawing = screen && redraw(screen, { context, seeing, look: () => state }, over.signal);

  return {
    async close() {
      unlisten();
      over.abort();
      await drawing;
      screen?.close();
      await writer.close();
      await pages[Symbol.asyncDispose]();
      const problem = writer.problem() ?? pages.problem();
      if (problem !== undefined)
        context.complain(`warning: the log files of the run are not complete: ${problem}`);
      await prune(options);
    },
  };
}

/** What earlier runs left open may go on in this one. */
async function whatIsOpen(ledger: Ledger): Promise<LiveState> {
  const watches = await ledger.watches({ open: true, limit: 500 });
  const states = [
    'queued',
    'setup',
    'active',
    'completed_unreviewed',
    'accepted',
    'merged',
    'pushed',
    'interrupted',
  ];
  const open = await ledger.sessions({ states, limit: 200 });
  const watched = await Promise.all(watches.map((watch) => ledger.session(watch.session)));
  const sessions = [...open, ...watched.filter((session) => session !== undefined)];
  return {
    ...nothingYet,
    sessions: new Map(sessions.map((session) => [session.id, session])),
    watches: new Map(watches.map((watch) => [`${watch.repo}@${watch.sha}`, watch])),
  };
}

interface Telling extends AttachOptions {
  readonly pages: RunPages;
  readonly screen: Screen | undefined;
  readonly state: LiveState;
}

function tell(event: LedgerEvent, telling: Telling): void {
  const { context, mode, pages, redact, run, screen, state } = telling;
  // A lease is taken outside of any run's ledger; heard here, it is of this one.
  const json = redact(JSON.stringify(eventJson({ ...event, run: event.run ?? run })));
  pages.append('events.jsonl', `${json}\n`);
  if (mode === 'json') context.print(json);

  const said = plainLine(event, (session) => state.sessions.get(session));
  if (said === undefined) return;
  const line = redact(said);
  pages.append('run.log', `${stamped(event.at, line)}\n`);
  if (mode === 'plain') context.print(stamped(event.at, line));
  screen?.above(`${clockTime(event.at)} ${line}`);
}

function clockTime(at: Instant): string {
  return isoUtc(at).slice(11, 19);
}

async function redraw(
  screen: Screen,
  { context, seeing, look }: { context: CliContext; seeing: Seeing; look: () => LiveState },
  over: AbortSignal,
): Promise<void> {
  while (!over.aborted) {
    const { colour } = context;
    const rows = Math.max(leastRows, context.rows - 1);
    screen.draw(renderLive(look(), { columns: context.columns, rows, now: context.now(), colour }));
    await seeing.clock.sleep(redrawEveryMs, over);
  }
}

async function prune({ ledger, home, seeing, runFolder, context }: AttachOptions): Promise<void> {
  const { keep_runs: runs, keep_logs_mb: megabytes } = home.options;
  const going = (await ledger.runs(20))
    .filter(({ state }) => state === 'running')
    .map(({ folder }) => folder);
  try {
    await seeing.logs.prune({ runs, bytes: megabytes * 1_000_000, spare: [runFolder, ...going] });
  } catch (error) {
    context.complain(
      `warning: old logs could not be removed: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
