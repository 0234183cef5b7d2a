import path from 'node:path';

import { nearestName } from '../../domain/nearest-name.ts';
import type { Repo } from '../../domain/repo.ts';
import { failed, ok, type Result } from '../../domain/result.ts';
import { expandTilde } from '../home/home-files.ts';

/** Judges a key that is not one of the entry's own; undefined: it is not an option, and stays as it is. */
export type CheckOption = (
  name: string,
  value: unknown,
  how?: { readonly firstClone: boolean },
) => Result<unknown, { readonly message: string; readonly hint: string }> | undefined;

export interface PortfolioFile {
  readonly file: string;
  /** Relative paths start here. */
  readonly folder: string;
  readonly userFolder: string;
  readonly checkOption: CheckOption;
  /** The text is JSON, as the first Clone wrote it. */
  readonly firstClone?: boolean | undefined;
}

/** The keys of an entry that are no options. */
const entryKeys: readonly string[] = [
  'name',
  'path',
  'branch',
  'last_commit',
  'objective',
  'pinned',
  'ignored',
  'missing',
];

/** What stands in an entry: the values of its keys, and each of them as it was written. */
export interface WrittenEntry {
  readonly values: Readonly<Record<string, unknown>>;
  /** Empty: nothing. */
  text(key: string): string;
}

/** What is wrong with an entry, and at which of its keys. */
export interface EntryProblem {
  readonly key: string;
  readonly message: string;
  readonly hint: string;
}

/** The repository that an entry tells of, or the first thing that is wrong with it. */
export function judgeEntry(
  { values, text }: WrittenEntry,
  { folder, userFolder, checkOption, firstClone = false }: Omit<PortfolioFile, 'file'>,
): Result<Repo, EntryProblem> {
  const name = text('name');
  if (name === '') return wrong('name', 'an entry needs a `name`', 'the name of its folder is a good one');
  if (/\p{Cc}/u.test(name)) return wrong('name', 'a name must stay on one line', '');
  const written = text('path');
  if (written === '') return wrong('path', `${name} needs a \`path\``, 'the folder of the repository');
  for (const key of ['branch', 'objective', 'last_commit'])
    if (typeof values[key] === 'object' && values[key] !== null)
      return wrong(key, `${key} of ${name} must be a text`, 'put it in quotes');
  for (const key of ['pinned', 'ignored', 'missing'])
    if (values[key] !== undefined && typeof values[key] !== 'boolean')
      return wrong(key, `${key} of ${name} must be true or false`, `for example: ${key}: true`);

  const options: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(values)) {
    if (entryKeys.includes(key)) continue;
    const checked = checkOption(key, value, { firstClone });
    if (checked === undefined) {
      const meant = nearestName(key, entryKeys);
      if (meant !== undefined) return wrong(key, `${name}: ${key} is not a key`, `did you mean ${meant}?`);
      continue;
    }
    if (!checked.ok) return wrong(key, `${name}: ${checked.failure.message}`, checked.failure.hint);
    options[key] = checked.value;
  }
  return ok({
    name,
    path: isWhole(written) ? written : path.resolve(folder, expandTilde(written, userFolder)),
    branch: text('branch'),
    objective: text('objective'),
    lastCommit: text('last_commit') || undefined,
    pinned: values['pinned'] === true,
    ignored: values['ignored'] === true,
    missing: values['missing'] === true,
    options,
  });
}

/** An absolute path as `path.resolve` answers it; to ask it a thousand times takes longer than to read the file. */
function isWhole(written: string): boolean {
  return path.sep === '/' && written.startsWith('/') && !/\/(\/|\.{1,2}(\/|$)|$)/.test(written);
}

function wrong(key: string, message: string, hint: string): Result<never, EntryProblem> {
  return failed({ key, message, hint });
}
