#!/usr/bin/env node
import nodeModule from 'node:module';
import path from 'node:path';
import v8 from 'node:v8';

import manifest from '../package.json' with { type: 'json' };
import { lookingCommands } from './cli/looking-commands.ts';

/** Flags of the V8 in this Node; another one may not know them, and would say so on standard error at each start. */
const tunedNode = 24;
const v8Flags = [
  '--semi-space-growth-factor=1',
  '--heap-growing-percent=20',
  '--no-parallel-scavenge',
  '--no-flush-bytecode',
  '--no-maglev',
];
const args = process.argv.slice(2);
const node = Number(process.versions.node.split('.')[0]);
if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
  process.stdout.write(`${manifest.version}\n`);
} else if (node < 24) {
  process.stderr.write(`error: clone needs Node 24 or newer; this is Node ${process.versions.node}\n`);
  process.stderr.write('hint: install Node 24, or use the one executable, which brings its own\n');
  process.exitCode = 2;
} else {
  if (node === tunedNode && args[0] === 'run') tuneV8();
  if (import.meta.filename.endsWith('.ts')) keepCompiledModules();
  silenceSqliteWarning();
  const looks = lookingCommands.some((name) => name === args[0]);
  const { answer } = await (looks ? import('./look.ts') : import('./front.ts'));
  process.exitCode = await answer(args, manifest.version);
}

/**
 * For a process that lives long. A run makes much garbage and keeps little: a heap that grows in small steps keeps the
 * process small, and one thread clears it sooner than several come together. Code once compiled stays, since it is
 * needed again in the next cycle; what is hot enough for Maglev is so seldom that compiling costs more than it saves (a
 * tenth of a run's CPU). All of it comes before any of our code is loaded: V8 uses kept code only under the flags that
 * it was compiled with.
 */
function tuneV8(): void {
  for (const flag of v8Flags) v8.setFlagsFromString(flag);
}

/** From a checkout, where each module is a file; what is shipped keeps its code by itself. */
function keepCompiledModules(): void {
  nodeModule.enableCompileCache(path.join(import.meta.dirname, '../node_modules/.cache/clone-compiled'));
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
