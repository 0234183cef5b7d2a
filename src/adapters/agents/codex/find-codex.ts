import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

import { findProgram } from '../../processes/find-program.ts';

/**
 * The native codex: at the path given, else on the search path, else installed beside ourselves. The script that npm
 * puts in its place is followed to the program: it costs a process and, on an older Node, does not pass on its end.
 */
export async function findCodex(given: string, searchPath: string | undefined): Promise<string | undefined> {
  const found = await findProgram(given === '' ? 'codex' : given, searchPath, process.cwd());
  if (found !== undefined) return nativeBehind(found) ?? found;
  return given === '' ? nativeFrom(import.meta.filename) : undefined;
}

function nativeBehind(program: string): string | undefined {
  try {
    const file = realpathSync(program);
    return file.endsWith('.js') ? nativeFrom(file) : undefined;
  } catch {
    return undefined;
  }
}

/** The program in the package for this platform, as seen from a file. */
function nativeFrom(file: string): string | undefined {
  try {
    const name = `@openai/codex-${process.platform}-${process.arch}/package.json`;
    const vendor = path.join(path.dirname(createRequire(file).resolve(name)), 'vendor');
    return readdirSync(vendor)
      .map((triple) => path.join(vendor, triple, 'bin', 'codex'))
      .find((candidate) => existsSync(candidate));
  } catch {
    return undefined;
  }
}
