import type { BlockedBy } from '../domain/failure.ts';
import type { Repo } from '../domain/repo.ts';
import type { SessionEnd } from '../domain/session-state.ts';
import { hours, seconds } from '../domain/time.ts';
import { exitCodeOf } from '../rules/exit-code.ts';
import { isDraining, type Stop } from '../session/visit.ts';
import { type CycleResult, runCycle } from './cycle.ts';
import { followAgain } from './follow-again.ts';
import { followFirstPushes } from './ideas/follow-first-pushes.ts';
import { ideasOfCycle } from './ideas/ideas-of-cycle.ts';
import { landWaiting } from './land-waiting.ts';
import { memoryFilesOf } from './memory-files.ts';
import { reconcile } from './reconcile.ts';
import type { RunOrder, RunWorld } from './run-world.ts';
import { takeUpPrompts } from './take-up-prompts.ts';
import { tick } from './tick.ts';
import { ciScheduler } from './watch-ci.ts';
import { workerPool } from './worker-pool.ts';

export interface RunResult {
  readonly stopReason: string;
  readonly exitCode: number;
  readonly resumed: number;
  readonly salvaged: number;
}

/** One run: takes up what an earlier one left, then cycles until a cap, a stop or a signal ends it at a safe point. */
export async function run(world: RunWorld, order: RunOrder, stop: Stop): Promise<RunResult> {
  const { self } = world.processes;
  const here = { ...world, ledger: world.ledger.within({ run: order.run }) };
  await here.ledger.record({
    type: 'run-started',
    pid: self.pid,
    processStart: self.start,
    host: self.host,
    version: world.version,
    cycles: order.options.max_cycles,
    parallel: order.options.parallel_repos,
    agent: order.options.agent,
    folder: world.files.folder,
  });
  const over = new AbortController();
  const ticking = tick(here, over.signal);
  try {
    return await cycles(here, order, stop);
  } finally {
    over.abort();
    await ticking;
  }
}

async function cycles(world: RunWorld, first: RunOrder, asked: Stop): Promise<RunResult> {
  const started = world.clock.now();
  const clock = hourglass(world, asked);
  const { stop } = clock;
  const ends: SessionEnd[] = [];
  let busy = 0;
  let order = first;
  clock.turn(started, order.options.max_hours);
  sayWhenStopped(world, asked);
  let repos = await readPortfolio(world, []);
  const scheduler = ciScheduler(world, stop.drain);
  const pool = workerPool(order.options.parallel_repos);
  const taken = await reconcile(world, order, { scheduler, pool, repos }, stop);
  const following = [...taken.following];
  ends.push(...taken.ends);
  let toLand = taken.waiting;
  let leftOut: readonly BlockedBy[] = [];
  const memory = memoryFilesOf(world.discovery);

  let cycle = 0;
  while (!isDraining(stop)) {
    cycle += 1;
    const ideas = await ideasOfCycle(world, order, { cycle, pool }, stop);
    ends.push(...ideas.ends);
    if (ideas.active > 0) repos = await readPortfolio(world, repos);
    const first = { scheduler, pool, repos, pushes: ideas.pushes };
    const afterCi = await followFirstPushes(world, order, first, stop);
    following.push(...afterCi.values());
    const chosen = repos.filter(
      (repo) => !repo.ignored && (order.only.length === 0 || order.only.includes(repo.name)),
    );
    const swept = await runCycle(
      world,
      order,
      { cycle, repos: chosen, scheduler, deadline: clock.deadline(), memory, afterCi },
      stop,
    );
    ends.push(...swept.ends);
    busy += swept.busy;
    leftOut = swept.waiting;
    const last = order.options.max_cycles > 0 && cycle >= order.options.max_cycles;
    if (isDraining(stop) || (last && !(await somebodyAsked(world, chosen, swept)))) break;
    await world.clock.sleep(seconds(order.options.sleep_seconds), stop.drain);
    const again = await order.reload();
    if (again.problem) await world.ledger.record({ type: 'config-refused', message: again.problem });
    order = { ...order, options: again.options };
    clock.turn(started, order.options.max_hours);
    await takeUpPrompts(world, order.options);
    repos = await readPortfolio(world, repos);
    const late = await landWaiting(world, order, repos, stop);
    ends.push(...late.ends);
    toLand = late.waiting;
    following.push(...(await followAgain(world, order, { scheduler, pool, repos }, stop, late.landed)));
  }
  const verdicts = await Promise.all(following);
  const stopReason = isDraining(asked) ? 'interrupted' : isDraining(stop) ? 'hours used up' : 'cycles done';
  const watched = await world.ledger.watches({ run: order.run });
  const interrupted = isDraining(asked);
  const waiting = [...toLand, ...leftOut];
  // A watch that an earlier run began counts for the one that brings it to its end.
  const takenOver = (['red', 'reverted'] as const).filter((one) => verdicts.includes(one));
  const ci = [...watched.map((one) => one.state), ...takenOver];
  const exitCode = exitCodeOf({ ends, interrupted, busy, waiting, ci });
  await world.ledger.record({ type: 'run-ended', stopReason, exitCode });
  return { stopReason, exitCode, resumed: taken.resumed, salvaged: taken.salvaged };
}

/** Work that a person added while the last cycle went on is still taken up by this run. */
async function somebodyAsked(world: RunWorld, repos: readonly Repo[], swept: CycleResult): Promise<boolean> {
  if (swept.ends.length === 0 && swept.busy === 0) return false;
  const asked = await world.ledger.operatorTasks({ states: ['queued'] });
  return asked.some((task) => task.claims === 0 && repos.some((repo) => repo.name === task.repo));
}

/** The first Ctrl-C is answered, so that nobody presses it again only because nothing seems to happen. */
function sayWhenStopped(world: RunWorld, { drain, now }: Stop): void {
  const say = (message: string) => (): void => {
    void world.ledger.record({ type: 'warned', message });
  };
  const first = 'finishing the step at hand; Ctrl-C again stops now, and keeps the work';
  drain.addEventListener('abort', say(first), { once: true });
  now.addEventListener('abort', say('stopping now; the work at hand is kept'), { once: true });
}

/** `max_hours` asks the run to end at a safe point, like the first Ctrl-C does. */
function hourglass(world: RunWorld, asked: Stop) {
  const spent = new AbortController();
  let deadline = Number.POSITIVE_INFINITY;
  let turned = new AbortController();
  return {
    stop: { drain: AbortSignal.any([asked.drain, spent.signal]), now: asked.now },
    deadline: (): number => deadline,
    /** Sets the hours that the run has since it started; 0 = no end. */
    turn(started: number, maxHours: number): void {
      turned.abort();
      turned = new AbortController();
      deadline = maxHours > 0 ? started + hours(maxHours) : Number.POSITIVE_INFINITY;
      if (maxHours > 0) void runOut(world, deadline, turned.signal, spent);
    },
  };
}

async function runOut(
  world: RunWorld,
  deadline: number,
  turned: AbortSignal,
  spent: AbortController,
): Promise<void> {
  const over = AbortSignal.any([turned, spent.signal]);
  while (!over.aborted && world.clock.now() < deadline) {
    await world.clock.sleep(Math.min(deadline - world.clock.now(), hours(1)), over);
  }
  if (!turned.aborted) spent.abort(new Error('the hours of the run are used up'));
}

/** The portfolio as it is now; a broken edit keeps the last good one and says so. */
async function readPortfolio(world: RunWorld, last: readonly Repo[]): Promise<readonly Repo[]> {
  const read = await world.portfolio.read();
  if (read.ok) return read.value;
  const { file, line, column, message } = read.failure;
  await world.ledger.record({
    type: 'config-refused',
    message: `${file}${line ? `:${line}:${column ?? 1}` : ''}: ${message}`,
  });
  return last;
}
