import { lstat, readFile } from 'node:fs/promises';

const largest = 1024 * 1024;

/** What a step wrote to GITHUB_OUTPUT or GITHUB_ENV; a text says what is wrong with it. */
export async function readAssignments(file: string): Promise<Record<string, string> | string> {
  const text = await readCommandFile(file);
  return text === undefined ? 'The file is too large or no plain file' : parseAssignments(text);
}

/** The lines a step wrote to GITHUB_PATH. */
export async function readPaths(file: string): Promise<string[]> {
  const text = (await readCommandFile(file)) ?? '';
  return text.split(/\r?\n/).filter((line) => line.trim() !== '');
}

/** `key=value` lines and `key<<WORD` blocks. */
export function parseAssignments(text: string): Record<string, string> | string {
  const found: Record<string, string> = {};
  const lines = text.split(/\r?\n/);
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (line === '') continue;
    const [, key = '', sign = '', value = ''] = /^(.*?)(<<|=)(.*)$/s.exec(line) ?? [];
    if (key === '') return `Invalid format '${line}'`;
    if (sign === '=') {
      found[key] = value;
      continue;
    }
    const end = lines.indexOf(value, at + 1);
    if (end === -1) return `Invalid value. Matching delimiter not found '${value}'`;
    found[key] = lines.slice(at + 1, end).join('\n');
    at = end;
  }
  return found;
}

/** A step may have put anything in the file's place, so only a plain file is opened. One that is gone says nothing. */
async function readCommandFile(file: string): Promise<string | undefined> {
  const info = await lstat(file).catch(() => undefined);
  if (!info) return '';
  if (!info.isFile() || info.size > largest) return undefined;
  return readFile(file, 'utf8');
}
