import { constants } from 'node:fs';
import { open, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { type OwnPrompts, type Prompts, PromptUnusable } from '../../ports/prompts.ts';

export interface PromptFilesOptions {
  /** Folder in which a file replaces the built-in prompt of the same name: `<home>/prompts`. */
  readonly folder: string;
  /** Files named one by one, by prompt: they win over the folder. */
  readonly named: Readonly<Record<string, string>>;
  /** Text of a built-in prompt; undefined: there is none of that name. */
  readonly builtIn: (name: string) => Promise<string | undefined>;
}

const largest = 64 * 1024;

/**
 * Prompt templates from files, read once each, so that all sessions of a run are told the same. A file that is named
 * and missing is a mistake, not a default.
 */
export function promptFiles({ folder, named, builtIn }: PromptFilesOptions): Prompts {
  const known = new Map<string, Promise<{ text: string; source: string }>>();
  const read = async (name: string, own: OwnPrompts): Promise<{ text: string; source: string }> => {
    if (own.folder !== '') {
      await refuseStrangers(own);
      const found = await readPrompt(path.join(own.folder, `${name}.md`));
      if (found) return found;
    }
    const chosen = named[name];
    if (chosen) {
      const found = await readPrompt(chosen);
      if (!found)
        throw new PromptUnusable({ source: chosen, message: 'there is no such file', hint: 'name another' });
      return found;
    }
    const replaced = await readPrompt(path.join(folder, `${name}.md`));
    if (replaced) return replaced;
    const text = await builtIn(name);
    if (text === undefined) throw new Error(`there is no prompt named "${name}"`);
    return { text, source: `built-in ${name}.md` };
  };
  return {
    template(name, own = { folder: '', repository: '' }) {
      const key = own.folder === '' ? name : [name, own.folder, own.repository].join('\0');
      const reading = known.get(key) ?? read(name, own);
      known.set(key, reading);
      return reading;
    },
  };
}

/** Whoever can push to a repository can write its files: they never tell an agent what to do. */
async function refuseStrangers({ folder, repository }: OwnPrompts): Promise<void> {
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

/** Undefined: there is none. */
async function readPrompt(file: string): Promise<{ text: string; source: string } | undefined> {
  const refuse = (message: string, hint: string): PromptUnusable =>
    new PromptUnusable({ source: file, message, hint });
  let handle: Awaited<ReturnType<typeof open>>;
  try {
    // Opening a pipe would wait for its other end for ever.
    handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw refuse(`it cannot be read (${code})`, 'mend its rights, or take it away');
  }
  await using held = handle;
  const found = await held.stat();
  if (!found.isFile()) throw refuse('it is not a plain file', 'a prompt is a Markdown file');
  if (found.size > largest)
    throw refuse(
      `it has ${found.size} bytes; a prompt may have ${largest}`,
      'an agent reads it at every turn: shorten it',
    );
  const bytes = await held.readFile();
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), source: file };
  } catch {
    throw refuse('it is not UTF-8 text', 'save it as UTF-8');
  }
}
