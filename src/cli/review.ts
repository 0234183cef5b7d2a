import { Command } from 'commander';
import { didYouMean } from '../domain/nearest-name.ts';
import type { SessionView } from '../ledger/views.ts';
import { acceptHeld, rejectHeld } from '../loops/decide-held.ts';
import { acceptedTip, isHeld } from '../loops/land-accepted.ts';
import { deliveryOf } from '../status/delivery.ts';
import { deliveryFacts } from '../status/delivery-facts.ts';
import { deliveryPage } from '../status/delivery-page.ts';
import { oneLine } from '../status/one-line.ts';
import { renderText } from '../status/render-text.ts';
import { CliProblem, type CommonFlags, exitCodes } from './context.ts';
import { readRepos } from './find-repo.ts';
import type { FrontContext } from './front-context.ts';
import { usageProblem } from './problems.ts';
import { look } from './seeing-context.ts';

interface ReviewFlags extends CommonFlags {
  readonly accept?: boolean;
  readonly reject?: string;
}

const diffBytes = 256 * 1024;

/** `clone review`: what a session left for a person to decide (`land: hold` or `pr`). */
export function reviewCommand(context: FrontContext): Command {
  return new Command('review')
    .summary('what waits for you: look, accept, reject')
    .description(
      'Lists what waits for a decision; with a session, shows its evidence and its diff. --accept lands it, verified again if the branch has moved.',
    )
    .argument('[session]', 'a session that waits')
    .option('--accept', 'land it')
    .option('--reject <why>', 'do not land it; its commits stay in the mirror')
    .option('--json', 'one JSON object')
    .addHelpText('after', '\nExample:\n  clone review jwt-workbench-x7k2m3np --accept')
    .action(look(context, (id: string | undefined, flags: ReviewFlags) => review(context, id, flags)));
}

async function review(context: FrontContext, id: string | undefined, flags: ReviewFlags): Promise<number> {
  if (flags.accept && flags.reject !== undefined)
    throw usageProblem('flags', '--accept and --reject exclude each other', 'choose one');
  const home = await context.home(flags);
  const world = await context.world(home);
  await using ledger = world.ledger;
  const held = (await ledger.sessions({ states: ['blocked'] })).filter(isHeld).toReversed();
  if (id === undefined) {
    list(context, held, flags);
    return exitCodes.done;
  }
  const session = held.find((one) => one.id === id);
  if (!session) {
    const names = held.map((one) => one.id);
    throw usageProblem(
      'session-unknown',
      `${id} does not wait for a decision`,
      didYouMean(id, names, 'clone review lists what waits'),
    );
  }
  if (flags.reject !== undefined) {
    await rejectHeld(world, session, flags.reject);
    context.print(`${id} is rejected; its commits stay under refs/clone/accepted/${id} in the mirror`);
    return exitCodes.done;
  }
  if (!flags.accept) {
    await show(context, world, session, flags);
    return exitCodes.done;
  }
  const stop = { drain: context.stop, now: context.stopNow };
  const files = await world.runFiles(session.run);
  const landed = await acceptHeld(
    { ...world, ledger, files },
    home,
    session,
    await readRepos(context, home),
    stop,
  );
  if (!landed.ok) {
    const message = 'message' in landed.failure ? landed.failure.message : landed.failure.kind;
    const exitCode = landed.failure.kind === 'repo-busy' ? exitCodes.held : exitCodes.wrong;
    throw new CliProblem({
      code: 'not-landed',
      message: `${id} did not land: ${message}`,
      hint: `clone show ${id} tells more; its commits are kept`,
      exitCode,
    });
  }
  context.print(
    `${id} landed as ${landed.value.sha.slice(0, 12)} on ${session.target ?? 'its branch'}; the next run watches its CI`,
  );
  return exitCodes.done;
}

function list(context: FrontContext, held: readonly SessionView[], flags: ReviewFlags): void {
  if (flags.json) {
    const rows = held.map((one) => ({
      session: one.id,
      repo: one.repo,
      tip: acceptedTip(one),
      tasks: one.tasks.map((task) => task.title),
      why: one.why,
    }));
    context.print(JSON.stringify({ schema_version: 1, waiting: rows }));
    return;
  }
  if (held.length === 0) context.print('Nothing waits for a decision of yours.');
  for (const { id, tasks, why } of held) {
    context.print(`${id}  ${oneLine(tasks.map((task) => task.title).join('; '))}`);
    context.print(`  ${oneLine(why ?? 'it did not say why')}`);
  }
}

async function show(
  context: FrontContext,
  world: Awaited<ReturnType<FrontContext['world']>>,
  session: SessionView,
  flags: ReviewFlags,
): Promise<void> {
  const delivery = deliveryOf(session, await deliveryFacts(world.ledger, session.id));
  const diff = await diffOf(world, session);
  if (flags.json) {
    context.print(JSON.stringify({ ...delivery, diff }));
    return;
  }
  const columns = context.terminal ? context.columns : Number.MAX_SAFE_INTEGER;
  context.print(renderText(deliveryPage(delivery), { columns, colour: context.colour }));
  context.print('');
  context.print(diff);
  context.print(`\nclone review ${session.id} --accept lands it; --reject "why" does not.`);
}

async function diffOf(
  world: Awaited<ReturnType<FrontContext['world']>>,
  session: SessionView,
): Promise<string> {
  const tip = acceptedTip(session);
  const identified = await world.mirrors.identify({
    name: session.repo,
    path: session.path,
    branch: session.target ?? '',
  });
  if (!identified.ok || tip === undefined || session.base === undefined) return '';
  const mirror = await world.mirrors.existing(identified.value, tip);
  const diff = await mirror?.diff(session.base, tip, diffBytes);
  return diff?.ok ? world.redact(diff.value) : '';
}
