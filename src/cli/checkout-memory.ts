import path from 'node:path';

import { type MemoryKind, memoryFiles } from '../domain/memory.ts';
import type { Repo } from '../domain/repo.ts';
import type { HomeFiles } from '../ports/home-files.ts';
import { largestOf, problemOf } from '../rules/memory/read-memory-file.ts';
import type { FoundFile } from '../status/memory-report.ts';

/** A file that remembers, with where it is for a person to open. */
export interface CheckoutFile extends FoundFile {
  readonly path: string;
  /** The line of the problem, where it has one. */
  readonly line: number | undefined;
}

/** Reads one file of a repository's checkout with care: never through a link, never something huge. */
export async function readCheckoutFile(
  files: Pick<HomeFiles, 'readGuarded'>,
  repo: Pick<Repo, 'path'>,
  kind: MemoryKind,
): Promise<CheckoutFile> {
  const name = memoryFiles[kind];
  const found = { kind, path: path.join(repo.path, name), line: undefined };
  const read = await files.readGuarded(repo.path, name, largestOf(name));
  if (read.is === 'missing') return { ...found, text: undefined, problem: undefined };
  if (read.is === 'refused') return { ...found, text: undefined, problem: read.why };
  const problem = problemOf(read.text, name);
  if (!problem) return { ...found, text: read.text, problem: undefined };
  return { ...found, text: undefined, problem: `${problem.message}; ${problem.hint}`, line: problem.line };
}

/** All four of them, in the order of `memoryFiles`. */
export async function readCheckoutMemory(
  files: Pick<HomeFiles, 'readGuarded'>,
  repo: Pick<Repo, 'path'>,
): Promise<readonly CheckoutFile[]> {
  const kinds = Object.keys(memoryFiles) as MemoryKind[];
  return Promise.all(kinds.map((kind) => readCheckoutFile(files, repo, kind)));
}
