import { lstat, mkdir, readFile, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { type UserSettings, userSettings } from './settings.ts';

/** Makes our CODEX_HOME ready: the folder, with the person's login linked into it and nothing else of theirs. */
export async function openCodexHome(home: string, userHome: string): Promise<void> {
  await mkdir(home, { recursive: true, mode: 0o700 });
  const ours = path.join(home, 'auth.json');
  const theirs = path.join(userHome, 'auth.json');
  if (path.resolve(home) === path.resolve(userHome)) return;

  const there = await lstat(ours).catch(() => undefined);
  // A file in place of the link is a login that codex renewed here: newer than the person's own.
  if (there && !there.isSymbolicLink()) return;
  if (there && (await readlink(ours)) === theirs) return;
  await rm(ours, { force: true });
  // Two turns at once may both come here; the link is the same.
  await symlink(theirs, ours).catch(() => undefined);
}

/** What we take over of the person's own settings. */
export async function readUserSettings(userHome: string): Promise<UserSettings> {
  return userSettings(await readFile(path.join(userHome, 'config.toml'), 'utf8').catch(() => ''));
}

/** Writes a file whole or not at all, and only when it would change: another turn may be reading it. */
export async function putFile(file: string, content: string): Promise<void> {
  if ((await readFile(file, 'utf8').catch(() => undefined)) === content) return;
  await mkdir(path.dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.${process.hrtime.bigint()}`;
  await writeFile(draft, content, { mode: 0o600 });
  await rename(draft, file);
}
