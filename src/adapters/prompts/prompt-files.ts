import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Prompts } from '../../ports/prompts.ts';

export interface PromptFilesOptions {
  /** Folder in which a file replaces the built-in prompt of the same name: `<home>/prompts`. */
  readonly folder: string;
  /** Files named one by one, by prompt: they win over the folder. */
  readonly named: Readonly<Record<string, string>>;
  /** Text of a built-in prompt; undefined: there is none of that name. */
  readonly builtIn: (name: string) => Promise<string | undefined>;
}

/** Prompt templates from files, read once each. A file that is named and missing is a mistake, not a default. */
export function promptFiles({ folder, named, builtIn }: PromptFilesOptions): Prompts {
  const known = new Map<string, Promise<{ text: string; source: string }>>();
  const read = async (name: string): Promise<{ text: string; source: string }> => {
    const chosen = named[name];
    if (chosen) return { text: await readFile(chosen, 'utf8'), source: chosen };
    const replaced = path.join(folder, `${name}.md`);
    const own = await readFile(replaced, 'utf8').catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    });
    if (own !== undefined) return { text: own, source: replaced };
    const text = await builtIn(name);
    if (text === undefined) throw new Error(`there is no prompt named "${name}"`);
    return { text, source: `built-in ${name}.md` };
  };
  return {
    template(name) {
      const reading = known.get(name) ?? read(name);
      known.set(name, reading);
      return reading;
    },
  };
}
