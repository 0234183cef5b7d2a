import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import path from 'node:path';

/** How to run a script file in a shell. */
export interface Shell {
  command: string;
  /** `{0}` stands for the script. */
  args: string[];
  extension: string;
}

const templates: Record<string, { template: string; extension: string }> = {
  bash: { template: 'bash --noprofile --norc -eo pipefail {0}', extension: '.sh' },
  sh: { template: 'sh -e {0}', extension: '.sh' },
  python: { template: 'python {0}', extension: '.py' },
};

/** The shell for a `shell:` (none is bash without pipefail), looked up in PATH; a text says why there is none. */
export async function findShell(name: string | undefined, searchPath: string): Promise<Shell | string> {
  const known = name === undefined ? { template: 'bash -e {0}', extension: '.sh' } : templates[name];
  const template = known?.template ?? name ?? '';
  if (!known && !template.includes('{0}')) {
    return `Invalid shell option. Shell must be a valid built-in (bash, sh, cmd, powershell, pwsh) or a format string containing '{0}'`;
  }
  const [command = '', ...args] = template.trim().split(/\s+/);
  const found =
    (await lookUp(command, searchPath)) ??
    (command === 'python' ? await lookUp('python3', searchPath) : undefined);
  if (found === undefined) return `${command}: command not found`;
  return { command: found, args, extension: known?.extension ?? '' };
}

async function lookUp(command: string, searchPath: string): Promise<string | undefined> {
  if (command.includes('/')) return command;
  for (const folder of searchPath.split(path.delimiter)) {
    const candidate = path.join(folder, command);
    const found = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (folder !== '' && found) return candidate;
  }
  return undefined;
}
