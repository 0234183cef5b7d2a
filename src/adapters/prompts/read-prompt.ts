import { constants, type Stats, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { PromptUnusable } from '../../ports/prompts.ts';

/** A prompt file as it was read, with what it looked like then. */
export interface PromptRead {
  /** Undefined: there is none. */
  readonly text: string | undefined;
  readonly mark: string;
}

/** The mark of a file that is not there. */
export const missing = 'missing';

const largest = 64 * 1024;

/** How a file looks without reading it: another mark, another text. */
export function markOf(file: string): string {
  try {
    const seen = statSync(file, { throwIfNoEntry: false });
    return seen ? markFrom(seen) : missing;
  } catch {
    return missing;
  }
}

/** Text of a prompt file. Throws `PromptUnusable` for one that cannot be a prompt. */
export async function readPrompt(file: string): Promise<PromptRead> {
  const refuse = (message: string, hint: string): PromptUnusable =>
    new PromptUnusable({ source: file, message, hint });
  let handle: Awaited<ReturnType<typeof open>>;
  try {
    // Opening a pipe would wait for its other end for ever.
    handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (code === 'ENOENT' || code === 'ENOTDIR') return { text: undefined, mark: missing };
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
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), mark: markFrom(found) };
  } catch {
    throw refuse('it is not UTF-8 text', 'save it as UTF-8');
  }
}

function markFrom({ ino, size, mtimeMs, ctimeMs }: Stats): string {
  return [ino, size, mtimeMs, ctimeMs].join(' ');
}
