import { failed, ok, type Result } from '../../domain/result.ts';

/** What a name must be, as people are told. */
export const nameRule =
  '1 to 64 letters, digits, "-", "_" and "."; it begins with a letter or digit, and ends with neither "." nor ".git"';

/** Names that a file system or git keeps for itself. */
const reserved = /^(?:con|prn|aux|nul|clock\$|com\d|lpt\d)(?:\..*)?$/i;

/** Judges the name of a folder and repository to be: it can lead nowhere else and is an option of no program. */
export function checkRepoName(name: string): Result<string, string> {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name))
    return failed(`"${shown(name)}" is no name for a repository`);
  if (name.includes('..') || /\.$|\.git$|\.lock$|\.wiki$/i.test(name))
    return failed(`"${name}" is no name for a repository`);
  if (reserved.test(name)) return failed(`"${name}" is a name that file systems keep for themselves`);
  return ok(name);
}

/** A name made of a title: `Voice Notes Assistant` → `voice-notes-assistant`; empty when nothing is left of it. */
export function nameFromTitle(title: string): string {
  return title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}+/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 64)
    .replace(/-+$/, '');
}

/** True when a disk that ignores case, or GitHub, would take the two for one. */
export function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function shown(name: string): string {
  const plain = name.replace(/\p{Cc}/gu, ' ');
  return plain.length > 70 ? `${plain.slice(0, 70)}…` : plain;
}
