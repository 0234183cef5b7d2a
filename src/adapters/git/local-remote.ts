import { fileURLToPath } from 'node:url';
import type { Remote } from './remote-url.ts';
import { findRepository } from './user-repository.ts';

/** The repository on this disk that a remote is; undefined: it is elsewhere. */
export async function folderOf(remote: Remote): Promise<string | undefined> {
  if (remote.transport !== 'local') return undefined;
  const isUrl = /^file:/i.test(remote.url);
  if (isUrl && !URL.canParse(remote.url)) return undefined;
  return (await findRepository(isUrl ? fileURLToPath(remote.url) : remote.url))?.commonDir;
}
