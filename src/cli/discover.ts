import { Command, InvalidArgumentError } from 'commander';

import { specOf } from '../config/option-groups.ts';
import { parseText } from '../config/parse-text.ts';
import type { Repo } from '../domain/repo.ts';
import { isoUtc } from '../domain/time.ts';
import type { FoundRepo } from '../ports/discovery.ts';
import type { Portfolio } from '../ports/portfolio.ts';
import { ago, isActive } from '../rules/membership.ts';
import { type Merged, mergeDiscovery } from '../rules/merge-discovery.ts';
import { act } from './act.ts';
import type { CommonFlags, Home } from './context.ts';
import { type Discovered, discoveredJson } from './discovered-json.ts';
import type { FrontContext } from './front-context.ts';
import { fileProblem, usageProblem } from './problems.ts';
import { withRemoteWork } from './remote-work.ts';
import { alignRows } from './table.ts';

const depth = 6;

interface DiscoverFlags extends CommonFlags {
  readonly dryRun?: boolean;
  readonly windowDays?: number;
}

/** `clone discover`: finds repositories and puts the active ones into the portfolio. */
export function discoverCommand(context: FrontContext): Command {
  return new Command('discover')
    .summary('find your repositories and put them into the portfolio')
    .description(
      `Walks the folders (depth ${depth}) and adds what was recently worked on; with a GitHub token a push to the remote counts too. Entries that you edited keep what you wrote.`,
    )
    .argument('[root...]', 'folders to walk (default: code_root of clone.yaml, else of repos.yaml)')
    .option('--window-days <n>', 'how long ago counts as recent (option activity_window_days)', parseDays)
    .option('--dry-run', 'say what would be added; write nothing')
    .option('--json', 'answer in JSON')
    .addHelpText('after', '\nExample:\n  clone discover ~/code ~/work --dry-run')
    .action(
      act(context, (roots: readonly string[], flags: DiscoverFlags) => discover(context, roots, flags)),
    );
}

function parseDays(text: string): number {
  const parsed = parseText(specOf('activity_window_days'), text);
  if (!parsed.ok) throw new InvalidArgumentError(parsed.failure.message);
  return Number(parsed.value);
}

async function discover(
  context: FrontContext,
  asked: readonly string[],
  flags: DiscoverFlags,
): Promise<number> {
  const home = await context.home(flags);
  const roots = await rootsOf(context, home, asked);
  const days = flags.windowDays ?? home.options.activity_window_days;
  const window = { now: context.now(), days };
  const portfolio = await context.portfolio(home);
  const read = await portfolio.read();
  if (!read.ok) throw fileProblem(read.failure);
  const repos = read.value;

  const discovery = await context.discovery(home);
  const walked = await discovery.walk(roots, { depth });
  for (const { path } of walked.filter(({ bare }) => bare))
    context.complain(`warning: ${path} is left out: it is a bare repository, and a checkout is needed`);
  const checkouts = walked.filter(({ bare }) => !bare);
  const looks = new Map<string, FoundRepo | undefined>(checkouts.map((seen) => [seen.path, seen]));
  for (const { path } of repos) if (!looks.has(path)) looks.set(path, await discovery.look(path));
  const known = new Set(repos.map(({ path }) => looks.get(path)?.gitDir));
  const strangers = checkouts.filter(({ gitDir }) => !known.has(gitDir));
  const found = await withRemoteWork(context, home, strangers, window);

  const header = { generated_at: isoUtc(window.now), code_root: roots[0], activity_window_days: days };
  const mergeInto = (current: readonly Repo[]): Merged =>
    mergeDiscovery({ repos: current, looks, found, window });
  const merged = flags.dryRun ? mergeInto(repos) : await write(portfolio, header, mergeInto);
  const about: Discovered = {
    home: home.folder,
    roots,
    days,
    now: window.now,
    dryRun: flags.dryRun ?? false,
    found: checkouts.length,
  };
  const runDays = home.options.activity_window_days;
  if (merged.added.some((added) => !isActive(added, { ...window, days: runDays })))
    context.complain(
      `warning: clone run leaves alone what nobody worked on for ${runDays} days: clone repos pin it, or set activity_window_days: ${days} in clone.yaml`,
    );
  if (flags.json) context.print(JSON.stringify(discoveredJson(merged, about), undefined, 2));
  else for (const line of discoveredLines(merged, about)) context.print(line);
  return 0;
}

/** Somebody else may have changed the file since we read it: what is found is merged into the file as it is now. */
async function write(
  portfolio: Portfolio,
  header: Readonly<Record<string, unknown>>,
  mergeInto: (current: readonly Repo[]) => Merged,
): Promise<Merged> {
  const merges: Merged[] = [];
  const written = await portfolio.change((current) => {
    const merged = mergeInto(current);
    merges.push(merged);
    return [{ edit: 'header', values: header }, ...merged.edits];
  });
  if (!written.ok) throw fileProblem(written.failure);
  return merges.at(-1) ?? mergeInto([]);
}

async function rootsOf(
  context: FrontContext,
  home: Home,
  asked: readonly string[],
): Promise<readonly string[]> {
  const files = await context.files();
  const roots = asked.length > 0 ? asked.map((root) => files.resolve(root)) : [await codeRoot(context, home)];
  for (const root of roots)
    if (!(await files.isFolder(root)))
      throw usageProblem(
        'root-missing',
        `${root} is not a folder`,
        'name the folder that holds your repositories',
      );
  return roots;
}

/** A setting is stronger than what discovery itself wrote into the portfolio. */
async function codeRoot(context: FrontContext, home: Home): Promise<string> {
  if (home.options.code_root !== '') return home.options.code_root;
  const written = await (await context.portfolio(home)).codeRoot();
  if (!written.ok) throw fileProblem(written.failure);
  if (written.value !== undefined) return written.value;
  throw usageProblem(
    'root-missing',
    'no folder to look in',
    'clone discover ~/code, or set code_root in clone.yaml',
  );
}

const mostNamed = 10;

function discoveredLines(merged: Merged, { roots, days, now, dryRun, found }: Discovered): readonly string[] {
  const rows = [
    ...merged.added.map(({ repo, lastActive }) => [
      dryRun ? 'would add' : 'added',
      repo.name,
      lastActive === undefined ? '' : `active ${ago(lastActive, now)}`,
      repo.path,
    ]),
    ...merged.updated.map(({ name, changed }) => [
      dryRun ? 'would update' : 'updated',
      name,
      changed.join(', '),
    ]),
    ...merged.returned.map((name) => ['back', name, 'it was missing']),
    ...merged.missing.map((name) => ['missing', name, 'nothing is at its path; the entry stays']),
    ...merged.ignored.map((name) => ['ignored', name]),
  ];
  const counts = [
    `${merged.added.length} ${dryRun ? 'to add' : 'added'}`,
    `${merged.updated.length} ${dryRun ? 'to update' : 'updated'}`,
    `${merged.unchanged} as they were`,
    `${merged.quiet.length} left out (nothing within ${days} days)`,
  ];
  const names = merged.quiet.slice(0, mostNamed).map(({ path }) => path);
  const more = merged.quiet.length - names.length;
  const quiet =
    names.length === 0 ? [] : [`left out: ${names.join(', ')}${more > 0 ? `, and ${more} more` : ''}`];
  const nothing = found === 0 ? [`no repository was found below ${roots.join(', ')}`] : [];
  return [...alignRows(rows), ...quiet, ...nothing, `${found} found: ${counts.join(', ')}`];
}
