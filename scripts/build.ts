import { chmod, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { build } from 'esbuild';

import { bundleOptions, noChildProcessInCommander, onlyVersion, root, whenStarted } from './bundle.ts';
import { licencesOf } from './licences.ts';

/**
 * Builds the program for npm into a folder: `main.js` and the chunks that it loads when a command needs them.
 * The prompts are read from `../prompts`, so that folder must end up beside a folder `prompts`.
 */
export async function buildPackage(folder: string): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  const { metafile } = await build({
    ...bundleOptions,
    entryPoints: ['src/main.ts'],
    outdir: folder,
    // Flat: a chunk finds `../prompts` as the entry does.
    chunkNames: '[name]-[hash]',
    format: 'esm',
    splitting: true,
    banner: { js: requireForCommonJs },
    plugins: [onlyVersion, noChildProcessInCommander],
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

await whenStarted(import.meta.main, () => buildPackage(path.join(root, 'dist')));
