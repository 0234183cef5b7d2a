import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';

/** The absolute path of a program: as given when it holds a slash, else the first on `searchPath`. */
export function findProgram(
  program: string,
  searchPath: string | undefined,
  cwd: string,
): Promise<string | undefined> {
  return Promise.resolve(programAt(program, searchPath, cwd));
}

/** The same, at once. */
export function programAt(program: string, searchPath: string | undefined, cwd: string): string | undefined {
  const candidates = program.includes('/')
    ? [path.resolve(cwd, program)]
    : (searchPath ?? '')
        .split(path.delimiter)
        .filter((folder) => folder !== '')
        .map((folder) => path.resolve(cwd, folder, program));
  for (const candidate of candidates) {
    if (isExecutable(candidate)) return candidate;
  }
  return undefined;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
