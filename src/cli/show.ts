import { Command } from 'commander';
import type { Idea } from '../domain/idea.ts';
import { didYouMean } from '../domain/nearest-name.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { SessionView } from '../ledger/views.ts';
import { deliveryOf } from '../status/delivery.ts';
import { deliveryFacts } from '../status/delivery-facts.ts';
import { deliveryPage } from '../status/delivery-page.ts';
import { renderText } from '../status/render-text.ts';
import type { CliContext, CommonFlags, Home } from './context.ts';
import type { FrontContext } from './front-context.ts';
import { usageProblem } from './problems.ts';
import { homeToLook, look } from './seeing-context.ts';
import { reportOn, tellIdea } from './tell-idea.ts';

/** Ideas are read where there is a way to. */
type ShowContext = CliContext & Partial<Pick<FrontContext, 'ideas'>>;

/** `clone show`: a session, the last one of a repository, the one that made a commit, or an idea. */
export function showCommand(context: ShowContext): Command {
  return new Command('show')
    .summary('a session on one screen: commits, tasks, evidence, CI')
    .description(
      'Shows a session, the last session of a repository, the session that a commit is from, or an idea.',
    )
    .argument('<what>', 'a session, a repository, a commit (seven characters or more), or an idea')
    .option('--json', 'one JSON object')
    .addHelpText('after', '\nExample:\n  clone show jwt-workbench')
    .action(
      look(context, async (what: string, flags: CommonFlags) => {
        const home = await homeToLook(context, flags);
        await using ledger = await context.ledger(home);
        const session = await find(ledger, what);
        if (session === undefined) {
          const ideas = await ideasOf(context, home);
          const known = ideas.find(({ id }) => id === what);
          const report = await reportOn(ledger, what, known);
          if (!report) throw await unknown(context, home, ledger, { what, ideas });
          tellIdea(context, report, flags);
          return undefined;
        }
        const facts = await deliveryFacts(ledger, session.id);
        const delivery = deliveryOf(session, facts, await ledger.issues({ repo: session.repo }));
        if (flags.json) {
          context.print(JSON.stringify(delivery, null, 2));
          return undefined;
        }
        const columns = context.terminal ? context.columns : Number.MAX_SAFE_INTEGER;
        context.print(renderText(deliveryPage(delivery), { columns, colour: context.colour }));
        return undefined;
      }),
    );
}

/** A file that cannot be read has no idea that could be shown. */
async function ideasOf(context: ShowContext, home: Home): Promise<readonly Idea[]> {
  const read = await (await context.ideas?.(home))?.read();
  return read?.ok ? read.value : [];
}

async function find(ledger: Ledger, what: string): Promise<SessionView | undefined> {
  return (await ledger.session(what)) ?? (await lastOf(ledger, what)) ?? (await makerOf(ledger, what));
}

async function lastOf(ledger: Ledger, repo: string): Promise<SessionView | undefined> {
  const view = await ledger.repo(repo);
  return view?.lastSession === undefined ? undefined : ledger.session(view.lastSession);
}

async function makerOf(ledger: Ledger, id: string): Promise<SessionView | undefined> {
  const commits = await ledger.commits(id);
  const sessions = [...new Set(commits.map(({ session }) => session))];
  if (sessions.length > 1) {
    const found = commits.map((commit) => `${commit.sha} (${commit.repo})`).join(', ');
    throw usageProblem(
      'ambiguous',
      `${id} is the beginning of several commits`,
      `write more of it: ${found}`,
    );
  }
  return sessions[0] === undefined ? undefined : ledger.session(sessions[0]);
}

async function unknown(
  context: CliContext,
  home: Home,
  ledger: Ledger,
  { what, ideas }: { what: string; ideas: readonly Idea[] },
): Promise<Error> {
  const read = await (await context.portfolio(home)).read();
  const portfolio = read.ok ? read.value.map(({ name }) => name) : [];
  if (portfolio.includes(what)) {
    const why = (await ledger.repo(what))?.skippedWhy;
    const message = `${what} has not been visited yet${why === undefined ? '' : `: ${why}`}`;
    return usageProblem('never-touched', message, `clone run --repo ${what}`);
  }
  const sessions = (await ledger.sessions({ limit: 500 })).map(({ id }) => id);
  const repos = (await ledger.repos()).map(({ name }) => name);
  const hint = didYouMean(
    what,
    [...portfolio, ...repos, ...sessions, ...ideas.map(({ id }) => id)],
    'clone status lists repositories and sessions',
  );
  return usageProblem(
    'unknown',
    `there is no session, repository, idea or commit of ours called ${what}`,
    hint,
  );
}
