import type { LedgerEvent } from '../domain/fact.ts';
import { isoUtc } from '../domain/time.ts';
import type { RunPages } from '../ports/seeing.ts';
import { busySessions, type LiveState, nothingYet } from '../status/live-state.ts';
import { renderHtml } from '../status/render-html.ts';
import { renderMarkdown } from '../status/render-markdown.ts';
import type { StatusQuestion } from '../status/situation.ts';
import { assignSlots } from '../status/slots.ts';
import { statusOf } from '../status/status-of.ts';
import { statusPage } from '../status/status-page.ts';
import { workerPart } from '../status/worker-parts.ts';
import type { AttachOptions } from './attach-options.ts';
import { placeOf } from './problems.ts';

const leastMs = 1000;
const mostMs = 60_000;
/** Of one processor: a large portfolio is written less often. */
const share = 0.05;

/** Keeps `status.*` and `workers/<n>.json` up to date: at most once a second, and once more at the end. */
export function runPageWriter(options: AttachOptions, pages: RunPages): RunPageWriter {
  const over = new AbortController();
  let state = nothingYet;
  let news = false;
  let repos: Promise<PortfolioRead> | undefined;
  let slots: ReadonlyMap<string, number> = new Map();
  let problem: string | undefined;

  async function write(final: boolean): Promise<void> {
    news = false;
    try {
      repos ??= readRepos(options);
      slots = await writeWorkers(options, pages, state, slots);
      await writeStatus(options, pages, await repos, final);
    } catch (error) {
      problem ??= error instanceof Error ? error.message : String(error);
    }
  }
  async function writeOnNews(): Promise<void> {
    while (!over.signal.aborted) {
      const began = options.context.now();
      if (news) await write(false);
      const took = options.context.now() - began;
      await options.seeing.clock.sleep(Math.min(mostMs, Math.max(leastMs, took / share)), over.signal);
    }
  }
  const writing = writeOnNews();

  return {
    heard(event, now) {
      if (event.type === 'cycle-started') repos = undefined;
      state = now;
      news = true;
    },
    async close() {
      over.abort();
      await writing;
      await write(true);
    },
    problem: () => problem,
  };
}

export interface RunPageWriter {
  heard(event: LedgerEvent, state: LiveState): void;
  close(): Promise<void>;
  problem(): string | undefined;
}

type PortfolioRead = Pick<StatusQuestion, 'portfolio' | 'problems'>;

async function readRepos({ context, home }: AttachOptions): Promise<PortfolioRead> {
  const read = await (await context.portfolio(home)).read();
  if (read.ok) return { portfolio: read.value };
  return { portfolio: [], problems: [`${placeOf(read.failure)}: ${read.failure.message}`] };
}

async function writeStatus(
  { context, home, ledger, redact, seeing }: AttachOptions,
  pages: RunPages,
  repos: PortfolioRead,
  final: boolean,
): Promise<void> {
  const report = await statusOf(ledger, {
    home: home.folder,
    ...repos,
    now: context.now(),
    lastLook: await seeing.looks.last(),
    alive: (process) => seeing.processes.alive(process),
    sleepSeconds: home.options.sleep_seconds,
  });
  const page = statusPage(report);
  await pages.replace('status.json', redact(`${JSON.stringify(report, null, 2)}\n`));
  await pages.replace('status.md', redact(renderMarkdown(page)));
  await pages.replace('status.html', redact(renderHtml(page, { refreshSeconds: final ? undefined : 5 })));
}

/** One file per worker; that of a worker who is free says so. */
async function writeWorkers(
  { context, redact }: AttachOptions,
  pages: RunPages,
  state: LiveState,
  before: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, number>> {
  const busy = busySessions(state);
  const slots = assignSlots(
    before,
    busy.map(({ id }) => id),
  );
  for (const worker of new Set([...before.values(), ...slots.values()])) {
    const session = busy.find(({ id }) => slots.get(id) === worker);
    const doing =
      session === undefined ? { session: null } : { ...workerPart(session), state: session.state };
    const file = { schema_version: 1, at: isoUtc(context.now()), worker, ...doing };
    await pages.replace(`workers/${worker}.json`, redact(`${JSON.stringify(file, null, 2)}\n`));
  }
  return slots;
}
