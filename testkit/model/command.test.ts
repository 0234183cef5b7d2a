import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const examples = path.join(import.meta.dirname, 'examples');
const happy = path.join(examples, 'happy.yaml');
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'model-command-'));
  await writeFile(path.join(folder, 'wrong.yaml'), 'scenarios:\n  - name: a\n    steps: [{ finale: x }]\n');
});
afterAll(() => rm(folder, { recursive: true }));

describe('testkit model', () => {
  it.each<[what: string, argv: string[], code: number, output: string]>([
    ['explains itself', ['--help'], 0, 'Example:\n  npm run testkit -- model --scenarios'],
    ['wants scenarios', [], 2, '--scenarios FILE is missing'],
    ['refuses unknown words', ['--scenario', 'x'], 2, "Unknown option '--scenario'"],
    ['refuses what is no port', ['--scenarios', happy, '--port', '70000'], 2, '--port wants a number'],
    ['refuses what is no number', ['--scenarios', happy, '--retries', 'two'], 2, '--retries wants a number'],
    ['misses a file', ['--scenarios', 'nowhere.yaml'], 1, 'ENOENT'],
    ['lists what it would play', ['--scenarios', happy, '--check'], 0, 'plan\nwork\nanything else\n'],
  ])('%s', async (_what, argv, code, output) => {
    const run = start(argv);
    const [said, complained, ended] = await Promise.all([
      text(run.stdout),
      text(run.stderr),
      once(run, 'close'),
    ]);
    expect(said + complained).toContain(output);
    expect(ended[0]).toBe(code);
  });

  it('names file, line and key of what is wrong', async () => {
    const file = path.join(folder, 'wrong.yaml');
    expect(await text(start(['--scenarios', file]).stderr)).toBe(
      `${file}: line 3: scenario "a", steps[0]: Unrecognized key: "finale"\n`,
    );
  });

  it('serves until it is interrupted, writes the journal, and tells the problems', async () => {
    const journal = path.join(folder, 'requests.jsonl');
    const home = path.join(folder, 'home');
    const checks = path.join(examples, 'checks.yaml');
    const run = start([
      '--scenarios',
      checks,
      '--journal',
      journal,
      '--codex-home',
      home,
      '--model',
      'gpt-5.5',
    ]);
    const complaints = text(run.stderr);
    const [line] = (await once(createInterface(run.stdout), 'line')) as [string];
    const url = /^scripted model: (http:\/\/127\.0\.0\.1:\d+\/v1)$/.exec(line)![1]!;

    const config = await readFile(path.join(home, 'config.toml'), 'utf8');
    expect(config).toContain(`model_providers.scripted.base_url = "${url}"`);
    expect(config).toContain('model = "gpt-5.5"');
    const response = await fetch(`${url}/responses`, {
      method: 'POST',
      body: JSON.stringify({ model: 'gpt-5.5', input: 'Turn: plan' }),
    });
    expect(response.status).toBe(400);
    run.kill('SIGINT');
    expect(await once(run, 'close')).toEqual([0, null]);
    expect(await complaints).toContain('problem: scenario "the plan prompt is complete and clean", steps[0]');
    expect(JSON.parse(await readFile(journal, 'utf8'))).toMatchObject({ turn: 'plan', status: 400 });
  });

  it('leaves a config.toml alone that somebody else wrote', async () => {
    await writeFile(path.join(folder, 'config.toml'), 'model = "mine"\n');
    const run = start(['--scenarios', happy, '--codex-home', folder]);
    expect(await text(run.stderr)).toContain('config.toml is not ours');
    expect(await readFile(path.join(folder, 'config.toml'), 'utf8')).toBe('model = "mine"\n');
  });
});

function start(argv: readonly string[]) {
  const command = pathToFileURL(path.join(import.meta.dirname, 'command.ts')).href;
  const program = `import { modelCommand } from ${JSON.stringify(command)};
    process.exitCode = await modelCommand(process.argv.slice(1));`;
  return spawn(process.execPath, ['--input-type=module', '-e', program, '--', ...argv], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
