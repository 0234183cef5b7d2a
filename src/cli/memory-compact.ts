import type { Options } from '../config/options.ts';
import type { SessionFailure } from '../domain/failure.ts';
import type { CompactedRepository } from '../loops/compact-memory.ts';
import type { CompactionPreview } from '../loops/preview-compaction.ts';
import { counted } from '../status/memory-page.ts';
import { oneLine } from '../status/one-line.ts';
import { CliProblem, type CommonFlags, exitCodes } from './context.ts';
import { findRepo, readRepos } from './find-repo.ts';
import type { FrontContext } from './front-context.ts';
import { usageProblem } from './problems.ts';
import { refuseMissingAgent } from './refuse-missing-agent.ts';
import { runId } from './run-order.ts';

export interface CompactFlags extends CommonFlags {
  readonly dryRun?: boolean;
  readonly summaries?: Options['memory_summaries'];
}

/** Shortens the memory of one repository and lands that; or says what it would come to. */
export async function compactOne(
  context: FrontContext,
  name: string,
  flags: CompactFlags,
): Promise<undefined> {
  const home = await context.home(flags);
  const repo = findRepo(await readRepos(context, home), name);
  const asksAgent = flags.summaries === 'agent';
  if (asksAgent && (await home.optionsFor(repo)).memory_summaries !== 'agent') throw noAgentWanted(name);
  const world = await context.world(home);
  await using ledger = world.ledger;
  const asked = { optionsFor: home.optionsFor.bind(home), summaries: flags.summaries };
  if (flags.dryRun) {
    const { previewCompaction } = await import('../loops/preview-compaction.ts');
    const preview = await previewCompaction(world, asked, repo);
    if (!preview.ok) throw problemOf(name, preview.failure);
    tellPreview(context, name, preview.value, flags);
    return undefined;
  }
  if (asksAgent) await refuseMissingAgent(world, home);
  const stop = { drain: context.stop, now: context.stopNow };
  const run = runId(context.now(), world.randomId(4));
  const order = { ...asked, run };
  const files = await world.runFiles(run);
  const { compactRepository } = await import('../loops/compact-memory.ts');
  const done = await compactRepository({ ...world, ledger, files }, order, repo, stop);
  if (!done.ok) throw problemOf(name, done.failure);
  tellDone(context, name, done.value, flags);
  return undefined;
}

function tellDone(
  context: FrontContext,
  name: string,
  { changed, sha, lines, summarised, watched }: CompactedRepository,
  flags: CommonFlags,
): void {
  if (flags.json) {
    const { asked = 0, used = 0, why = null } = summarised ?? {};
    const agent = summarised ? { asked, used, why } : null;
    const ci = watched === undefined ? 'not_watched' : 'pending';
    const answer = { repo: name, changed, sha: sha ?? null, lines, agent, ci: changed ? ci : null };
    context.print(JSON.stringify({ schema_version: 1, ...answer }));
  } else if (changed) {
    const where = sha === undefined ? '' : ` in ${sha.slice(0, 12)}`;
    context.print(`${name}: PROJECT_MEMORY.md went from ${lines.before} to ${lines.after} lines${where}`);
    if (summarised) context.print(`  ${saidByAgent(summarised)}`);
    if (watched !== undefined) context.print('  its CI is watched by the next clone run');
  } else context.print(`${name}: there is nothing to compact in ${counted(lines.before, 'line')}`);
}

function saidByAgent({ asked, used, why }: NonNullable<CompactedRepository['summarised']>): string {
  if (asked === 0) return 'no entry was worth asking the agent about';
  const others = why === undefined ? '' : `; the others go by their own words: ${oneLine(why)}`;
  return `${used} of ${counted(asked, 'entry', 'entries')} in the words of the agent${others}`;
}

function noAgentWanted(name: string): CliProblem {
  return usageProblem(
    'summaries-mechanical',
    `memory_summaries is mechanical for ${name}: no agent is asked about its memory`,
    `leave --summaries out, or set memory_summaries: agent (clone config show --repo ${name} tells where it comes from)`,
  );
}

function tellPreview(
  context: FrontContext,
  name: string,
  preview: CompactionPreview,
  flags: CompactFlags,
): void {
  const { exists, changed, lines, summarised, human, maxLines, archive } = preview;
  if (flags.json) {
    const answer = {
      schema_version: 1,
      repo: name,
      dry_run: true,
      exists,
      changed,
      lines,
      summarised,
      human_lines: human,
      max_lines: maxLines,
      archive: changed ? archive : null,
    };
    context.print(JSON.stringify(answer));
  } else if (!exists) context.print(`${name} has no PROJECT_MEMORY.md on its branch yet`);
  else if (!changed) {
    const about = `${counted(lines.before, 'line')}, limit ${maxLines}, ${human} by people`;
    context.print(`${name}: there is nothing to compact (${about})`);
  } else {
    context.print(`${name}: PROJECT_MEMORY.md would go from ${lines.before} to ${lines.after} lines`);
    context.print(
      `  ${counted(summarised, 'entry', 'entries')} would become one line each under Historical Summary`,
    );
    if (flags.summaries === 'agent') context.print('  one turn of the agent would be spent on their words');
    context.print(`  ${counted(human, 'line')} that people wrote would stay as they are`);
    context.print(`  the whole file would be kept as ${archive}`);
  }
}

function problemOf(name: string, failure: SessionFailure): CliProblem {
  if (failure.kind === 'repo-busy') {
    const message = `${name} is held by ${failure.holder}`;
    return new CliProblem({
      code: 'repo-busy',
      message,
      hint: 'try again when it is done',
      exitCode: exitCodes.held,
    });
  }
  const why = oneLine('message' in failure ? failure.message : failure.kind);
  const hint = 'hint' in failure && failure.hint !== '' ? failure.hint : 'nothing was changed';
  const exitCode = failure.kind === 'held-for-review' ? exitCodes.human : exitCodes.wrong;
  return new CliProblem({
    code: 'not-compacted',
    message: `${name} was not compacted: ${why}`,
    hint,
    exitCode,
  });
}
