#!/usr/bin/env node
import nodeModule from 'node:module';
import path from 'node:path';

import manifest from '../package.json' with { type: 'json' };
import { lookingCommands } from './cli/looking-commands.ts';

const args = process.argv.slice(2);
if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
  process.stdout.write(`${manifest.version}\n`);
} else if (Number(process.versions.node.split('.')[0]) < 24) {
  process.stderr.write(`error: clone needs Node 24 or newer; this is Node ${process.versions.node}\n`);
  process.stderr.write('hint: install Node 24, or use the one executable, which brings its own\n');
  process.exitCode = 2;
} else {
  const compiled = compileCacheFolder();
  if (compiled !== undefined) nodeModule.enableCompileCache(compiled);
  silenceSqliteWarning();
  const looks = lookingCommands.some((name) => name === args[0]);
  const { answer } = await (looks ? import('./look.ts') : import('./front.ts'));
  process.exitCode = await answer(args, manifest.version);
}

/**
 * The user's own: what Node finds there it runs, so it must not lie where others can write, as /tmp, its default.
 * Undefined: there is none, and nothing is kept.
 */
function compileCacheFolder(): string | undefined {
  const self = import.meta.filename;
  if (self.endsWith('.ts')) return path.join(self, '../../node_modules/.cache/clone-compiled');
  const { XDG_CACHE_HOME: named, HOME: home, LOCALAPPDATA: local } = process.env;
  const caches = named || (home ? path.join(home, '.cache') : local);
  return caches && path.isAbsolute(caches) ? path.join(caches, 'clone/compiled') : undefined;
}

/** `node:sqlite` is stable enough for us; its users need not read about it on every start. */
function silenceSqliteWarning(): void {
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = (warning: string | Error, ...rest: unknown[]): void => {
    const text = typeof warning === 'string' ? warning : warning.message;
    if (text.includes('SQLite is an experimental feature')) return;
    (emitWarning as (...all: unknown[]) => void)(warning, ...rest);
  };
}
