import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

import type { Metafile } from 'esbuild';

import { root } from './bundle.ts';

/** The licences of every package of which a line is in the bundle, as their authors ask for. */
export async function licencesOf({ outputs }: Metafile): Promise<string> {
  const used = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
  );
  const folders = new Set(used.flatMap((file) => packageFolder(file) ?? []));
  const parts = await Promise.all([...folders].sort().map(licenceText));
  return parts.join(`\n${'-'.repeat(80)}\n\n`);
}

/** `node_modules/@a/b/lib/x.js` is part of `node_modules/@a/b`; the innermost `node_modules` counts. */
function packageFolder(file: string): string | undefined {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];
}

async function licenceText(folder: string): Promise<string> {
  const at = path.join(root, folder);
  const manifest = JSON.parse(await readFile(path.join(at, 'package.json'), 'utf8')) as Manifest;
  const file = (await readdir(at)).find((name) => /^licen[cs]e/i.test(name));
  const text =
    file === undefined
      ? `Licence: ${manifest.license ?? 'unknown'}\n`
      : await readFile(path.join(at, file), 'utf8');
  return `${manifest.name} ${manifest.version}\n\n${text}`;
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}
