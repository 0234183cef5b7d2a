import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** The native codex that npm installed for this machine; undefined when there is none. */
export function codexBinary(): string | undefined {
  const require = createRequire(import.meta.url);
  const name = process.platform === 'win32' ? 'codex.exe' : 'codex';
  try {
    const manifest = require.resolve(`@openai/codex-${process.platform}-${process.arch}/package.json`);
    const vendor = path.join(path.dirname(manifest), 'vendor');
    return readdirSync(vendor)
      .map((triple) => path.join(vendor, triple, 'bin', name))
      .find((file) => existsSync(file));
  } catch {
    return undefined;
  }
}
