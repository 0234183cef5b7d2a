import { Command } from 'commander';
import { ideaStepWords } from '../domain/idea.ts';
import type { IdeaPreview } from '../loops/ideas/preview-ideas.ts';
import type { IdeaEnd } from '../loops/ideas/process-ideas.ts';
import { type CommonFlags, exitCodes } from './context.ts';
import { findIdea, readIdeas } from './find-idea.ts';
import type { FrontContext } from './front-context.ts';
import { fileProblem, usageProblem } from './problems.ts';
import { refuseMissingAgent } from './refuse-missing-agent.ts';
import { reloading, runId } from './run-order.ts';
import { look } from './seeing-context.ts';

interface ProcessFlags extends CommonFlags {
  readonly id?: string;
  readonly dryRun?: boolean;
}

/** `clone ideas process`: the incubator, now. */
export function processCommand(context: FrontContext): Command {
  return new Command('process')
    .summary('make repositories of the ideas that are NEW or TRIAGED')
    .description(
      'Takes each idea through its steps: triage, folder, first files by the agent (checked here), first commit, ' +
        'private repository on GitHub, push, entry in repos.yaml. What was done before is not done again; what cannot ' +
        'be done makes the idea BLOCKED, with the reason in ideas.yaml.',
    )
    .option('--id <id>', 'only this idea')
    .option('--dry-run', 'list the steps and what would block them; start nothing')
    .option('--json', 'one JSON object')
    .addHelpText(
      'after',
      '\nExample:\n  clone ideas process --dry-run\n  clone ideas process --id incident-diary',
    )
    .action(look(context, (flags: ProcessFlags) => processThem(context, flags)));
}

async function processThem(context: FrontContext, flags: ProcessFlags): Promise<number> {
  const home = await context.home(flags);
  const ideas = await readIdeas(context, home);
  const named = flags.id === undefined ? undefined : findIdea(ideas, flags.id);
  if (named?.status === 'BLOCKED')
    throw usageProblem(
      'idea-blocked',
      `${named.id} is BLOCKED: ${named.lastError ?? 'ideas.yaml does not say why'}`,
      `clone ideas retry ${named.id} lets it go on`,
    );
  const { isWaiting } = await import('../loops/ideas/process-ideas.ts');
  if (!(named ? [named] : ideas).some(isWaiting)) {
    if (flags.json) context.print(JSON.stringify({ schema_version: 1, ideas: [] }));
    else
      context.print(
        named ? `${named.id} is ACTIVE already.` : 'No idea waits. clone ideas list shows them all.',
      );
    return exitCodes.done;
  }
  const world = await context.world(home);
  await using ledger = world.ledger;
  if (flags.dryRun) {
    const { previewIdeas } = await import('../loops/ideas/preview-ideas.ts');
    const previews = await previewIdeas(world, home, flags.id);
    if (!previews.ok) throw fileProblem(previews.failure);
    tellPreviews(context, previews.value, flags);
    return exitCodes.done;
  }
  const { promptWarnings } = await import('./prompt-warnings.ts');
  for (const warning of [...world.warnings, ...(await promptWarnings(context, home, []))])
    context.complain(`warning: ${warning}`);
  const [{ runIdeas }, { attachSeeing }, { checkTemplates }] = await Promise.all([
    import('../loops/ideas/run-ideas.ts'),
    import('./attach-seeing.ts'),
    import('../session/check-templates.ts'),
  ]);
  const [broken] = await checkTemplates(world);
  if (broken) throw usageProblem('prompt-invalid', `${broken.source}: ${broken.message}`, broken.hint);
  await refuseMissingAgent(world, home);
  const id = runId(context.now(), world.randomId(4));
  const files = await world.runFiles(id);
  const seeing = await attachSeeing({
    ledger,
    home,
    run: id,
    runFolder: files.folder,
    mode: flags.json ? 'quiet' : 'plain',
    context,
    seeing: await context.seeingOf(home),
    redact: world.redact,
  });
  const stop = { drain: context.stop, now: context.stopNow };
  const order = { run: id, options: home.options, only: [], onlyIdea: flags.id, ...reloading(home) };
  const processed = await runIdeas({ ...world, files }, order, stop).finally(() => seeing.close());
  if (!processed.ok) throw fileProblem(processed.failure);
  tellEnds(context, processed.value, flags);
  return exitCodeOf(processed.value, stop.drain.aborted);
}

function exitCodeOf(ends: readonly IdeaEnd[], interrupted: boolean): number {
  if (interrupted) return exitCodes.interrupted;
  if (ends.some(({ is }) => is === 'BLOCKED')) return exitCodes.human;
  if (ends.length > 0 && ends.every(({ is }) => is === 'busy')) return exitCodes.held;
  return exitCodes.done;
}

function tellEnds(context: FrontContext, ends: readonly IdeaEnd[], flags: ProcessFlags): void {
  if (flags.json) {
    const rows = ends.map((one) => ({
      id: one.idea,
      title: one.title,
      status: one.is === 'left' || one.is === 'busy' ? 'WAITS' : one.is,
      why: one.why,
      step: one.step ?? null,
      to_do: one.hint ?? null,
      repo: one.repo ?? null,
      watched: one.watched ?? null,
    }));
    context.print(JSON.stringify({ schema_version: 1, ideas: rows }));
    return;
  }
  for (const one of ends) {
    const step = one.step === undefined ? '' : ` at "${one.step}"`;
    context.print(
      `${one.idea}: ${one.is === 'left' || one.is === 'busy' ? 'waits' : one.is}${step}: ${one.why}`,
    );
    if (one.hint !== undefined) context.print(`  to do: ${one.hint}`);
    if (one.watched !== undefined) context.print('  the next clone run watches its CI');
  }
}

function tellPreviews(context: FrontContext, previews: readonly IdeaPreview[], flags: ProcessFlags): void {
  if (flags.json) {
    const rows = previews.map(({ idea, title, path, blocked, already, steps }) => ({
      id: idea,
      title,
      path: path === '' ? null : path,
      blocked: blocked ?? null,
      already: already ?? null,
      steps,
    }));
    context.print(JSON.stringify({ schema_version: 1, ideas: rows }));
    return;
  }
  for (const { idea, title, path, blocked, already, steps } of previews) {
    context.print(`${idea}: ${title}${path === '' ? '' : ` → ${path}`}`);
    if (blocked) {
      context.print(`  would be BLOCKED: ${blocked.why}`);
      context.print(`  to do: ${blocked.hint}`);
    }
    if (already !== undefined) context.print(`  nothing to build: ${already}`);
    for (const { step, done, note } of steps) {
      const state = done ? ' (done)' : note === '' ? '' : ` (${note})`;
      context.print(`  ${step.padEnd(11)}${ideaStepWords[step]}${state}`);
    }
  }
}
