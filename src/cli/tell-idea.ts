import type { Idea } from '../domain/idea.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { ideaPage } from '../status/idea-page.ts';
import { type IdeaReport, ideaReport } from '../status/idea-report.ts';
import { renderText } from '../status/render-text.ts';
import type { CliContext, CommonFlags } from './context.ts';

const mostSessions = 200;

/** What the ledger adds to an idea of ideas.yaml; undefined: neither knows of it. */
export async function reportOn(
  ledger: Ledger,
  id: string,
  idea: Idea | undefined,
): Promise<IdeaReport | undefined> {
  const view = await ledger.idea(id);
  const repo = view?.name ?? idea?.repoName;
  const sessions = repo === undefined ? [] : await ledger.sessions({ repo, limit: mostSessions });
  return ideaReport(idea, view, sessions);
}

export function tellIdea(context: CliContext, report: IdeaReport, flags: CommonFlags): void {
  if (flags.json) {
    context.print(JSON.stringify(report, undefined, 2));
    return;
  }
  const columns = context.terminal ? context.columns : Number.MAX_SAFE_INTEGER;
  context.print(renderText(ideaPage(report), { columns, colour: context.colour }));
}
