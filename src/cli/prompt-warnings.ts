import path from 'node:path';
import { strayPrompts } from '../rules/prompt/stray-prompts.ts';
import type { Home } from './context.ts';
import type { FrontContext } from './front-context.ts';

/** What lies among the prompts of the home, and in the folders of prompts that repositories have, and replaces none. */
export async function promptWarnings(
  context: Pick<FrontContext, 'files'>,
  home: Pick<Home, 'folder'>,
  own: Iterable<string>,
): Promise<readonly string[]> {
  const files = await context.files();
  const folders = new Set([path.join(home.folder, 'prompts'), ...own].filter((folder) => folder !== ''));
  const warnings: string[] = [];
  for (const folder of folders) warnings.push(...strayPrompts(folder, await files.list(folder)));
  return warnings;
}
