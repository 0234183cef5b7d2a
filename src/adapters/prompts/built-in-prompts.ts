import { readFile } from 'node:fs/promises';
import { getAsset, isSea } from 'node:sea';

/** The prompts that ship with the program: beside it as files, or inside it when it is one executable. */
export async function builtInPrompt(name: string): Promise<string | undefined> {
  if (!/^[a-z-]+$/.test(name)) return undefined;
  if (isSea()) {
    try {
      return getAsset(`prompts/${name}.md`, 'utf8');
    } catch {
      return undefined;
    }
  }
  // Beside the bundle first: above an installed package lies the folder of somebody else's project.
  for (const up of ['../prompts', '../../../prompts']) {
    const text = await readFile(new URL(`${up}/${name}.md`, import.meta.url), 'utf8').catch(() => undefined);
    if (text !== undefined) return text;
  }
  return undefined;
}
