import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { codexConfig } from './codex-config.ts';
import { readScenarios } from './scenario.ts';
import { startModelServer } from './server.ts';

const help = `Usage: npm run testkit -- model --scenarios FILE [options]

Runs a scripted model for codex on 127.0.0.1 until it is interrupted.

  --scenarios FILE   what the model says (YAML; see testkit/model/README.md)
  --port N           listen on this port (default: any free one)
  --journal FILE     write every request to FILE, one JSON object per line
  --codex-home DIR   write DIR/config.toml, so that CODEX_HOME=DIR codex talks to this model
  --model NAME       the model named there (default: mock-model)
  --retries N        how often codex repeats what failed (default: 0)
  --check            only check the scenarios
  --help             this text

Example:
  npm run testkit -- model --scenarios testkit/model/examples/happy.yaml --codex-home /tmp/scripted
  CODEX_HOME=/tmp/scripted codex exec --json --skip-git-repo-check -s workspace-write 'Turn: task' < /dev/null

While it runs: GET /__testkit/requests shows what was asked, POST /__testkit/scenarios replaces the YAML.
`;

/** `testkit model`: 0 after an interrupt, 1 when it cannot start, 2 for words it does not know. */
export async function modelCommand(argv: readonly string[]): Promise<number> {
  const words = readWords(argv);
  if (typeof words === 'string') return complain(words, 2);
  if (words.help) {
    process.stdout.write(help);
    return 0;
  }
  if (words.scenarios === undefined)
    return complain('--scenarios FILE is missing; --help shows an example', 2);
  const port = wholeNumber(words.port ?? '0');
  const retries = wholeNumber(words.retries ?? '0');
  if (port === undefined || port > 65_535) return complain('--port wants a number from 0 to 65535', 2);
  if (retries === undefined) return complain('--retries wants a number', 2);

  const text = await readFile(words.scenarios, 'utf8').catch((cause: unknown) => cause as Error);
  if (text instanceof Error) return complain(text.message, 1);
  const scenarios = readScenarios(text);
  if (!scenarios.ok) {
    return complain(scenarios.failure.map((problem) => `${words.scenarios ?? ''}: ${problem}`).join('\n'), 1);
  }
  if (words.check) {
    process.stdout.write(`${scenarios.value.map(({ name }) => name).join('\n')}\n`);
    return 0;
  }

  const started = await startModelServer({ scenarios: text, port, journal: words.journal }).catch(
    (cause: unknown) => cause as Error,
  );
  if (started instanceof Error) return complain(started.message, 1);
  await using server = started;
  const home = words['codex-home'];
  if (home !== undefined) {
    const { toml } = codexConfig(server.url, { model: words.model, retries });
    const refusal = await writeConfig(home, toml);
    if (refusal !== undefined) return complain(refusal, 1);
  }
  const interrupted = interrupt();
  process.stdout.write(`scripted model: ${server.url}\n`);
  await interrupted;
  for (const problem of server.problems) process.stderr.write(`problem: ${problem}\n`);
  return 0;
}

interface Words {
  readonly scenarios?: string | undefined;
  readonly port?: string | undefined;
  readonly journal?: string | undefined;
  readonly 'codex-home'?: string | undefined;
  readonly model?: string | undefined;
  readonly retries?: string | undefined;
  readonly check?: boolean | undefined;
  readonly help?: boolean | undefined;
}

function readWords(argv: readonly string[]): Words | string {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args: [...argv],
      options: {
        scenarios: text,
        port: text,
        journal: text,
        'codex-home': text,
        model: text,
        retries: text,
        check: flag,
        help: { ...flag, short: 'h' },
      },
    }).values;
  } catch (cause) {
    return (cause as Error).message;
  }
}

const mark = '# Written by the scripted model of the test kit.\n';

/** A config.toml that a person wrote is theirs, so only our own is replaced. */
async function writeConfig(home: string, toml: string): Promise<string | undefined> {
  const file = path.join(home, 'config.toml');
  await mkdir(home, { recursive: true });
  const before = await readFile(file, 'utf8').catch(() => mark);
  if (!before.startsWith(mark)) return `${file} is not ours: name another --codex-home`;
  await writeFile(file, mark + toml);
  return undefined;
}

function wholeNumber(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

function complain(message: string, code: number): number {
  process.stderr.write(`${message}\n`);
  return code;
}

function interrupt(): Promise<void> {
  return new Promise((done) => {
    const end = (): void => {
      process.off('SIGINT', end);
      process.off('SIGTERM', end);
      done();
    };
    process.on('SIGINT', end);
    process.on('SIGTERM', end);
  });
}
