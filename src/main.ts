#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

import manifest from '../package.json' with { type: 'json' };

const args = process.argv.slice(2);
if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
  process.stdout.write(`${manifest.version}\n`);
} else {
  enableCompileCache();
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
