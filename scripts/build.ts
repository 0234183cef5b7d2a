import { createHash } from 'node:crypto';
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { build, type Plugin } from 'esbuild';

import {
  bundleOptions,
  englishZod,
  noChildProcessInCommander,
  onlyVersion,
  plainBuiltins,
  root,
  scriptAt,
  whenStarted,
} from './bundle.ts';
import { licencesOf } from './licences.ts';

/**
 * Builds the program for npm into a folder: `main.js`, which opens one of two doors, `look.cjs` for the commands that
 * only look and `front.cjs` for all others. Each is one file: to find and load forty chunks takes longer than most of
 * what `clone` does, and what is not needed is not run. They are scripts, since of an ES module no compiled code can be
 * kept that came to be after it was loaded. The prompts are read from `../prompts`, so that folder must end up beside a
 * folder `prompts`.
 */
export async function buildPackage(folder: string): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  const { metafile: doors } = await build({
    ...bundleOptions,
    entryPoints: doorNames.map((name) => `src/${name}.ts`),
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    ...scriptAt('__filename'),
    plugins: [onlyVersion, noChildProcessInCommander, englishZod, plainBuiltins],
  });
  for (const name of doorNames) await makeAscii(path.join(folder, `${name}.cjs`));
  const { metafile: entry } = await build({
    ...bundleOptions,
    entryPoints: ['src/main.ts'],
    outdir: folder,
    format: 'esm',
    plugins: [doorsIn(folder), onlyVersion],
  });
  await chmod(path.join(folder, 'main.js'), 0o755);
  const metafile = {
    inputs: { ...doors.inputs, ...entry.inputs },
    outputs: { ...doors.outputs, ...entry.outputs },
  };
  await writeFile(path.join(folder, 'LICENCES.txt'), await licencesOf(metafile));

  const sizes = Object.values(metafile.outputs).map(({ bytes }) => bytes);
  const total = sizes.reduce((sum, bytes) => sum + bytes, 0);
  return `${path.relative(root, folder)}: ${sizes.length} files, ${Math.round(total / 1024)} kB`;
}

const doorNames = ['look', 'front'];

/** One byte for each letter, so that V8 need not decode it: esbuild leaves other letters only in regular expressions. */
async function makeAscii(file: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  const escaped = (letter: string): string => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
  await writeFile(file, text.replaceAll(/[^\0-\x7f]/g, escaped));
}

/** In the package, each of the two modules that `main.ts` may load is the script that was made of it. */
function doorsIn(folder: string): Plugin {
  return {
    name: 'doors-in-folder',
    setup(on) {
      on.onResolve({ filter: /^\.\/(look|front)\.ts$/ }, ({ path: file }) => ({
        path: path.parse(file).name,
        namespace: 'door',
      }));
      on.onLoad({ filter: /./, namespace: 'door' }, async ({ path: name }) => ({
        contents: doorModule(`${name}.cjs`, await identityOf(path.join(folder, `${name}.cjs`))),
        resolveDir: path.join(root, 'src'),
      }));
    },
  };
}

function doorModule(file: string, identity: string): string {
  return `
    import path from 'node:path';
    import { compiledFolder, runCompiled } from './adapters/host/compiled-script.ts';
    export const { answer } = runCompiled({
      file: path.join(import.meta.dirname, '${file}'),
      identity: '${identity}',
      purpose: process.argv[2] === 'run' ? 'run' : 'other',
      folder: compiledFolder(process.env),
    });`;
}

async function identityOf(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex')
    .slice(0, 16);
}

await whenStarted(import.meta.main, () => buildPackage(path.join(root, 'dist')));
