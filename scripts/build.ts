import { chmod, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { build, type Plugin } from 'esbuild';

import {
  bundleOptions,
  englishZod,
  noChildProcessInCommander,
  onlyVersion,
  plainBuiltins,
  root,
  whenStarted,
} from './bundle.ts';
import { licencesOf } from './licences.ts';

/**
 * Builds the program for npm into a folder: `main.js`, which opens one of two doors, `look.js` for the commands that
 * only look and `front.js` for all others. Each is one file: to find and load forty chunks takes longer than most of
 * what `clone` does, and what is not needed is not run. The prompts are read from `../prompts`, so that folder must
 * end up beside a folder `prompts`.
 */
export async function buildPackage(folder: string): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  const { metafile } = await build({
    ...bundleOptions,
    entryPoints: ['src/main.ts', 'src/look.ts', 'src/front.ts'],
    outdir: folder,
    format: 'esm',
    banner: { js: requireForCommonJs },
    plugins: [doorsAreFiles, onlyVersion, noChildProcessInCommander, englishZod, plainBuiltins],
  });
  await chmod(path.join(folder, 'main.js'), 0o755);
  await writeFile(path.join(folder, 'LICENCES.txt'), await licencesOf(metafile));

  const sizes = Object.values(metafile.outputs).map(({ bytes }) => bytes);
  const total = sizes.reduce((sum, bytes) => sum + bytes, 0);
  return `${path.relative(root, folder)}: ${sizes.length} files, ${Math.round(total / 1024)} kB`;
}

// Bundled CommonJS asks for node's own modules with `require`, which an ES module does not have.
const requireForCommonJs =
  "import{createRequire as madeRequire}from'node:module';const require=madeRequire(import.meta.url);";

const doorsAreFiles: Plugin = {
  name: 'doors-are-files',
  setup(on) {
    on.onResolve({ filter: /^\.\/(look|front)\.ts$/ }, ({ path: file }) => ({
      path: file.replace(/ts$/, 'js'),
      external: true,
    }));
  },
};

await whenStarted(import.meta.main, () => buildPackage(path.join(root, 'dist')));
