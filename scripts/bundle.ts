import { readFile } from 'node:fs/promises';
import path from 'node:path';

import type { BuildOptions, Plugin } from 'esbuild';

export const root = path.resolve(import.meta.dirname, '..');

/** What both ways of shipping share: everything is bundled, nothing is fetched at install or at run time. */
export const bundleOptions = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node24',
  minifyWhitespace: true,
  minifySyntax: true,
  // The texts of all licences are shipped as one file.
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
} satisfies BuildOptions;

/**
 * What makes a CommonJS script of our modules: it has no import(), no import.meta and no await at its top. `file` is the
 * expression that says where the script lies.
 */
export function scriptAt(file: string) {
  return {
    format: 'cjs',
    supported: { 'dynamic-import': false },
    define: {
      'import.meta.url': 'ownUrl',
      'import.meta.filename': file,
      'import.meta.dirname': 'ownFolder',
    },
    banner: {
      js: `const ownUrl=require('node:url').pathToFileURL(${file}).href,ownFolder=require('node:path').dirname(${file});`,
    },
  } satisfies BuildOptions;
}

/** Of our package.json only the version is part of the program. */
export const onlyVersion: Plugin = {
  name: 'only-version',
  setup(build) {
    build.onLoad({ filter: /package\.json$/ }, async ({ path: file }) => {
      if (file !== path.join(root, 'package.json')) return undefined;
      const { version } = JSON.parse(await readFile(file, 'utf8')) as { readonly version: string };
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
  },
};

/**
 * commander can start commands that are programs of their own, which ours never are; for that it would load
 * node:child_process, a third of what an empty Node needs to start.
 */
export const noChildProcessInCommander: Plugin = {
  name: 'no-child-process-in-commander',
  setup(build) {
    build.onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      /[\\/]node_modules[\\/]commander[\\/]/.test(importer)
        ? { path: 'nothing', namespace: 'nothing' }
        : undefined,
    );
    build.onLoad({ filter: /./, namespace: 'nothing' }, () => ({ contents: 'export default {};' }));
  },
};

/**
 * To import one function of `node:fs` as an ES module is to read every property of it, and some of them load large
 * parts of Node that we do not use. Taken as an object, a module of Node loads what is asked for and no more.
 */
export const plainBuiltins: Plugin = {
  name: 'plain-builtins',
  setup(build) {
    build.onResolve({ filter: /^node:/ }, ({ path: name, kind, importer }) => {
      // A Node that is too old for this has to be told so, by the entry.
      const isEntry = importer === path.join(root, 'src/main.ts');
      if (kind !== 'import-statement' || isEntry) return undefined;
      return { path: name, namespace: 'builtin', sideEffects: false };
    });
    build.onLoad({ filter: /./, namespace: 'builtin' }, ({ path: name }) => {
      const found = process.getBuiltinModule(name);
      if (found === undefined) throw new Error(`this Node has no ${name}`);
      const names = Object.keys(found).filter((key) => /^[a-z_]\w*$/i.test(key) && key !== 'default');
      const exports = names.map((key) => `export const ${key} = /* @__PURE__ */ (() => builtin.${key})();\n`);
      const taken = `const builtin = process.getBuiltinModule('${name}');\nexport default builtin;\n`;
      return { contents: taken + exports.join(''), loader: 'js' };
    });
  },
};

/** zod brings its messages in fifty languages, to be made at every start; ours are English, and it loads those by itself. */
export const englishZod: Plugin = {
  name: 'english-zod',
  setup(build) {
    const isZod = /[\\/]node_modules[\\/]zod[\\/]v4[\\/]/;
    build.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, ({ path: file }) =>
      isZod.test(file) ? { contents: 'export {};' } : undefined,
    );
  },
};

/** Runs `build` when its file is the one that was started, not when it is imported. */
export async function whenStarted(main: boolean, build: () => Promise<string>): Promise<void> {
  if (main) process.stdout.write(`${await build()}\n`);
}
