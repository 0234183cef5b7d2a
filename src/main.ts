#!/usr/bin/env node
import nodeModule from 'node:module';
import v8 from 'node:v8';

import manifest from '../package.json' with { type: 'json' };

const args = process.argv.slice(2);
if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
  process.stdout.write(`${manifest.version}\n`);
} else if (Number(process.versions.node.split('.')[0]) < 24) {
  process.stderr.write(`error: clone needs Node 24 or newer; this is Node ${process.versions.node}\n`);
  process.stderr.write('hint: install Node 24, or use the one executable, which brings its own\n');
  process.exitCode = 2;
} else {
  nodeModule.enableCompileCache();
  // A long run makes much garbage and keeps little: a young generation that stays small keeps the process small.
  v8.setFlagsFromString('--semi-space-growth-factor=1');
  silenceSqliteWarning();
  const [{ systemContext }, { runProgram }] = await Promise.all([
    import('./wiring.ts'),
    import('./cli/program.ts'),
  ]);
  process.exitCode = await runProgram(args, systemContext(manifest.version));
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
