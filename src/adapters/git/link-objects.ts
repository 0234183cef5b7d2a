import { linkSync, lstatSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { valueOf } from './config-file.ts';
import { textOf } from './ref-files.ts';
import { readConfig } from './user-repository.ts';

/** Beyond this, git packs them on the way, which is better for the mirror too. */
const mostLoose = 5_000;

/**
 * Fills a new mirror from a repository on the same disk by links to its objects, as `git clone` of a folder does:
 * no process, no byte copied. Objects are never written to again, only added and removed, so neither side can change
 * what the other has. False where that is not certain to be right, and git has to fetch: another disk or owner, links
 * inside, objects kept elsewhere or not at all, or a repository that is repacked while we look.
 */
export async function linkObjects(from: string, mirror: string, sha256: boolean): Promise<boolean> {
  if (!(await isPlain(from, sha256))) return false;
  try {
    return linkAll(path.join(from, 'objects'), path.join(mirror, 'objects'), sha256 ? 62 : 38);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? '';
    if (['EXDEV', 'EPERM', 'EACCES', 'ENOENT', 'EMLINK', 'ENOTSUP', 'ENOSYS', 'ENOTDIR'].includes(code)) {
      return false;
    }
    throw cause;
  }
}

/** Git itself refuses repositories of other people, unless it is told not to. */
async function isPlain(gitDir: string, sha256: boolean): Promise<boolean> {
  const objects = lstatSync(path.join(gitDir, 'objects'), { throwIfNoEntry: false });
  const uid = process.getuid?.();
  if (objects?.isDirectory() !== true || uid === undefined || objects.uid !== uid) return false;
  if (statSync(gitDir).uid !== uid) return false;
  const elsewhere = ['objects/info/alternates', 'objects/info/http-alternates', 'shallow', 'info/grafts'];
  if (elsewhere.some((name) => (textOf(path.join(gitDir, name)) ?? '').trim() !== '')) return false;
  const config = await readConfig(gitDir);
  const extensions = [...config.keys()].filter((key) => key.startsWith('extensions.'));
  const known = extensions.every((key) => key === 'extensions.objectformat');
  return known && (valueOf(config, 'extensions.objectformat') === 'sha256') === sha256;
}

function linkAll(from: string, to: string, restOfId: number): boolean {
  // Loose ones first: what is packed while we look is then found in its pack.
  const loose = looseIn(from, new RegExp(`^[0-9a-f]{${restOfId}}$`));
  if (loose === undefined) return false;
  const packs = packsIn(from);
  for (const [folder, names] of loose) {
    if (names.length > 0) mkdirSync(path.join(to, folder), { recursive: true });
    for (const name of names) link(path.join(from, folder, name), path.join(to, folder, name));
  }
  if (packs.length > 0) mkdirSync(path.join(to, 'pack'), { recursive: true });
  // An index makes its pack count, so it comes last.
  for (const ending of ['.pack', '.rev', '.idx']) {
    for (const name of packs.filter((pack) => pack.endsWith(ending))) {
      link(path.join(from, 'pack', name), path.join(to, 'pack', name));
    }
  }
  return packsIn(from).join('\n') === packs.join('\n');
}

/** Undefined: too many, or something that is not a plain file. */
function looseIn(objects: string, isName: RegExp): ReadonlyMap<string, readonly string[]> | undefined {
  const loose = new Map<string, readonly string[]>();
  let count = 0;
  for (const folder of readdirSync(objects, { withFileTypes: true })) {
    if (!/^[0-9a-f]{2}$/.test(folder.name)) continue;
    if (!folder.isDirectory()) return undefined;
    const inside = readdirSync(path.join(objects, folder.name), { withFileTypes: true });
    const files = inside.filter(({ name }) => isName.test(name));
    count += files.length;
    if (count > mostLoose || !files.every((file) => file.isFile())) return undefined;
    loose.set(
      folder.name,
      files.map(({ name }) => name),
    );
  }
  return loose;
}

function packsIn(objects: string): readonly string[] {
  return namesIn(path.join(objects, 'pack'))
    .filter((name) => /^pack-[0-9a-f]+\.(?:pack|idx|rev)$/.test(name))
    .sort();
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw cause;
  }
}

function link(from: string, to: string): void {
  if (!lstatSync(from).isFile())
    throw Object.assign(new Error(`${from} is no plain file`), { code: 'EPERM' });
  try {
    linkSync(from, to);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
  }
}
