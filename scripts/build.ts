import { chmod, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';

import {
  bundleOptions,
  noChildProcessInCommander,
  onlyVersion,
  plainBuiltins,
  root,
  whenStarted,
} from './bundle.ts';
import { licencesOf } from './licences.ts';

/**
 * Builds the program for npm into a folder: `main.js`, the chunks that it loads when a command needs them, and
 * `look.js`, one file for the commands that only look. The prompts are read from `../prompts`, so that folder must
 * end up beside a folder `prompts`.
 */
export async function buildPackage(folder: string): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  const { metafile: chunks } = await build({
    ...packageOptions,
    entryPoints: ['src/main.ts'],
    outdir: folder,
    // Flat: a chunk finds `../prompts` as the entry does.
    chunkNames: '[name]-[hash]',
    splitting: true,
    plugins: [lookIsAFile, ...packageOptions.plugins],
  });
  // Loading forty chunks takes longer than what `status` does; in one file, what is not needed is not run.
  const { metafile: look } = await build({
    ...packageOptions,
    entryPoints: ['src/look.ts'],
    outdir: folder,
  });
  const metafile: Metafile = {
    inputs: { ...chunks.inputs, ...look.inputs },
    outputs: { ...chunks.outputs, ...look.outputs },
  };
  await chmod(path.join(folder, 'main.js'), 0o755);
  await writeFile(path.join(folder, 'LICENCES.txt'), await licencesOf(metafile));

  const sizes = Object.values(metafile.outputs).map(({ bytes }) => bytes);
  const total = sizes.reduce((sum, bytes) => sum + bytes, 0);
  return `${path.relative(root, folder)}: ${sizes.length} files, ${Math.round(total / 1024)} kB`;
}

// Bundled CommonJS asks for node's own modules with `require`, which an ES module does not have.
const requireForCommonJs =
  "import{createRequire as madeRequire}from'node:module';const require=madeRequire(import.meta.url);";

const packageOptions = {
  ...bundleOptions,
  format: 'esm',
  banner: { js: requireForCommonJs },
  plugins: [onlyVersion, noChildProcessInCommander, plainBuiltins],
} satisfies BuildOptions;

const lookIsAFile: Plugin = {
  name: 'look-is-a-file',
  setup(on) {
    on.onResolve({ filter: /^\.\/look\.ts$/ }, () => ({ path: './look.js', external: true }));
  },
};

await whenStarted(import.meta.main, () => buildPackage(path.join(root, 'dist')));
