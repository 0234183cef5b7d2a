import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { build, type Plugin } from 'esbuild';

import {
  bundleOptions,
  englishZod,
  noChildProcessInCommander,
  onlyVersion,
  root,
  scriptAt,
  whenStarted,
} from './bundle.ts';
import { licencesOf } from './licences.ts';

/** Builds the program with the Node that runs this into one executable: `clone` in a folder. */
export async function buildBinary(folder: string): Promise<string> {
  const work = await mkdtemp(path.join(os.tmpdir(), 'clone-binary-'));
  try {
    const script = path.join(work, 'clone.cjs');
    const { metafile } = await bundleAsScript(script);
    const blob = await makeBlob(work, script);

    await mkdir(folder, { recursive: true });
    const program = path.join(folder, process.platform === 'win32' ? 'clone.exe' : 'clone');
    await rm(program, { force: true });
    await copyFile(process.execPath, program);
    await chmod(program, 0o755);
    await runNode(postject, program, 'NODE_SEA_BLOB', blob, '--sentinel-fuse', sentinelFuse);
    await writeFile(path.join(folder, 'LICENCES.txt'), await licencesOf(metafile));
    const { size } = await stat(program);
    return `${path.relative(root, program)}: ${Math.round(size / 1024 / 1024)} MB, ${process.platform}-${process.arch}`;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

const postject = fileURLToPath(import.meta.resolve('postject/dist/cli.js'));

/** The mark by which Node's build tells postject where to note that a program is inside. */
const sentinelFuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

async function bundleAsScript(outfile: string): Promise<{ metafile: Parameters<typeof licencesOf>[0] }> {
  return build({
    ...bundleOptions,
    entryPoints: ['src/main.ts'],
    outfile,
    // One executable holds one script.
    ...scriptAt('process.execPath'),
    plugins: [onlyVersion, noChildProcessInCommander, englishZod, awaitInside],
  });
}

/** Puts what `main.ts` does after its imports into an async function. */
const awaitInside: Plugin = {
  name: 'await-inside',
  setup(on) {
    on.onLoad({ filter: /[\\/]src[\\/]main\.ts$/ }, async ({ path: file }) => {
      const lines = (await readFile(file, 'utf8')).replace(/^#!.*/, '').split('\n');
      const afterImports = lines.findLastIndex((line) => line.startsWith('import ')) + 1;
      const imports = lines.slice(0, afterImports).join('\n');
      const rest = lines.slice(afterImports).join('\n');
      return { contents: `${imports}\nvoid (async () => {${rest}})();\n`, loader: 'ts' };
    });
  },
};

async function makeBlob(work: string, script: string): Promise<string> {
  const output = path.join(work, 'clone.blob');
  const config = path.join(work, 'sea.json');
  await writeFile(
    config,
    JSON.stringify({
      main: script,
      output,
      disableExperimentalSEAWarning: true,
      useCodeCache: true,
      assets: await promptAssets(),
    }),
  );
  await runNode('--experimental-sea-config', config);
  return output;
}

/** Its remarks are kept back, unless it fails: postject warns of sections that it does not touch. */
async function runNode(...args: readonly string[]): Promise<void> {
  await promisify(execFile)(process.execPath, args);
}

async function promptAssets(): Promise<Readonly<Record<string, string>>> {
  const folder = path.join(root, 'prompts');
  const names = await readdir(folder);
  return Object.fromEntries(names.map((name) => [`prompts/${name}`, path.join(folder, name)]));
}

await whenStarted(import.meta.main, () => buildBinary(path.join(root, 'dist-bin')));
