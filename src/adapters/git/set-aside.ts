import { lstatSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import type { Result } from '../../domain/result.ts';
import { failed, ok } from '../../domain/result.ts';
import type { GitFailure, SetAside } from '../../ports/mirrors.ts';
import { orDiskFailure } from './disk-failure.ts';
import { excludePattern } from './exclude-pattern.ts';
import { gitFailure } from './explain.ts';
import { inWorkspace, learnIndex, type OpenWorkspace, readTree } from './workspace-files.ts';

/**
 * Keeps what lies beside the base out of every later commit: file by file, so that what somebody adds in the same
 * folder later is seen. Only a folder of a tool is out as a whole, and one with more files than can be named.
 */
export async function setAside(open: OpenWorkspace): Promise<Result<SetAside, GitFailure>> {
  const listed = await list(open, ['--directory']);
  if (!listed.ok) return listed;
  const fresh = listed.value.filter((name) => name !== '.git/');
  const names = fresh.filter((name) => !name.endsWith('/'));
  const whole: string[] = [];
  for (const folder of fresh.filter((name) => name.endsWith('/'))) {
    const inside = isToolFolder(open.folder, folder) ? ok([folder]) : await namesIn(open, folder);
    if (!inside.ok) return inside;
    if (inside.value.length > mostFiles) whole.push(folder);
    else names.push(...inside.value);
  }
  return orDiskFailure('setting aside what setup left', async () => {
    const lines = [...names, ...whole].map((name) => `/${excludePattern(name)}\n`);
    if (lines.length > 0) await appendFile(`${open.folder}.exclude`, lines.join(''));
    const read = await readTree(open, ['-u', '--reset', open.base]);
    if (!read.ok) return failed(gitFailure(`putting back the files of ${open.base}`, read.stderr));
    learnIndex(open);
    for (const name of names) if (!name.endsWith('/')) open.aside.set(name, markOf(open.folder, name));
    return ok({ names, whole });
  });
}

/** Files that were set aside and are not what they were the last time somebody asked: they are in no commit. */
export function changedAside(open: Pick<OpenWorkspace, 'folder' | 'aside'>): readonly string[] {
  const changed: string[] = [];
  for (const [name, before] of open.aside) {
    const now = markOf(open.folder, name);
    if (now === before) continue;
    open.aside.set(name, now);
    if (now !== undefined) changed.push(name);
  }
  return changed;
}

/** What is listed one by one makes every later look at the files slower. */
const mostFiles = 1_000;

/** Folders that tools fill and that nobody writes in by hand. */
const toolFolders: ReadonlySet<string> = new Set([
  ...['node_modules', 'bower_components', '.pnpm-store', '.venv', 'venv', '__pycache__', '__pypackages__'],
  ...['.tox', '.nox', '.eggs', '.mypy_cache', '.pytest_cache', '.ruff_cache', '.gradle', '.bundle', '.cache'],
]);

/** What a tool puts into a folder to say that the folder is its own. */
const toolMarks = ['CACHEDIR.TAG', 'pyvenv.cfg'];

function isToolFolder(root: string, folder: string): boolean {
  const name = path.posix.basename(folder);
  if (toolFolders.has(name) || name.endsWith('.egg-info')) return true;
  return toolMarks.some((mark) => markOf(root, `${folder}/${mark}`) !== undefined);
}

/** What lies in an untracked folder; a tool's folder in it stands for all that is in there. */
async function namesIn(open: OpenWorkspace, folder: string): Promise<Result<readonly string[], GitFailure>> {
  const listed = await list(open, [], folder);
  if (!listed.ok) return listed;
  const names = new Set<string>();
  const tools = new Map<string, string | undefined>();
  for (const name of listed.value) {
    const parent = path.posix.dirname(name);
    if (!tools.has(parent)) tools.set(parent, toolFolderIn(open.folder, folder, parent));
    names.add(tools.get(parent) ?? name);
  }
  return ok([...names]);
}

/** The topmost folder of a tool between `top` and `below`. */
function toolFolderIn(root: string, top: string, below: string): string | undefined {
  const steps = `${below}/`
    .slice(top.length)
    .split('/')
    .filter((step) => step !== '');
  const folders = steps.map((_, at) => `${top}${steps.slice(0, at + 1).join('/')}/`);
  return folders.find((one) => isToolFolder(root, one));
}

/** What git neither knows nor ignores. A name with a line break cannot be excluded: it stays the agent's. */
async function list(
  open: OpenWorkspace,
  flags: readonly string[],
  below?: string,
): Promise<Result<readonly string[], GitFailure>> {
  const where = below === undefined ? [] : ['--', `:(top,literal)${below}`];
  const args = ['ls-files', '--others', '--exclude-standard', ...flags, '-z', ...where];
  const listed = await inWorkspace(open, args);
  if (!listed.ok) return failed(gitFailure('listing what setup left', listed.stderr));
  return ok(listed.stdout.split('\0').filter((name) => name !== '' && !name.includes('\n')));
}

/** Tells one state of a file from another; undefined: there is none. */
function markOf(root: string, name: string): string | undefined {
  try {
    const found = lstatSync(path.join(root, name), { throwIfNoEntry: false });
    return found && `${found.size} ${found.mtimeMs} ${found.ino}`;
  } catch {
    return undefined;
  }
}
