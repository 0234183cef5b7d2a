import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { type OwnPrompts, PromptUnusable } from '../../ports/prompts.ts';

/** Whoever can push to a repository can write its files: they never tell an agent what to do. Throws. */
export async function refuseStrangers({ folder, repository }: OwnPrompts): Promise<void> {
  const refuse = (message: string, hint: string): PromptUnusable =>
    new PromptUnusable({ source: folder, message, hint });
  const found = await stat(folder).catch(() => undefined);
  if (!found?.isDirectory())
    throw refuse('there is no such folder', 'prompts_dir names a folder, seen from the home');
  const [real, top] = await Promise.all([realpath(folder), realpath(repository).catch(() => repository)]);
  const way = path.relative(top, real);
  if (way === '' || !(way === '..' || way.startsWith(`..${path.sep}`) || path.isAbsolute(way)))
    throw refuse(
      'it lies in the repository that it is for',
      'a repository does not write its own prompts: keep them in the home',
    );
}
