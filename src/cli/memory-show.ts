import { memoryPage } from '../status/memory-page.ts';
import { memoryReport } from '../status/memory-report.ts';
import { renderText } from '../status/render-text.ts';
import { readCheckoutMemory } from './checkout-memory.ts';
import type { CommonFlags } from './context.ts';
import { findRepo, readRepos } from './find-repo.ts';
import type { FrontContext } from './front-context.ts';

/** What the files of one checkout remember. */
export async function showMemory(
  context: FrontContext,
  name: string,
  flags: CommonFlags,
): Promise<undefined> {
  const home = await context.home(flags);
  const repo = findRepo(await readRepos(context, home), name);
  const report = memoryReport(repo, await readCheckoutMemory(await context.files(), repo));
  if (flags.json) {
    context.print(JSON.stringify(report, null, 2));
    return undefined;
  }
  const columns = context.terminal ? context.columns : Number.MAX_SAFE_INTEGER;
  context.print(renderText(memoryPage(report), { columns, colour: context.colour }));
  return undefined;
}
