import { spawn } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';

import { codexBinary } from './codex-binary.ts';
import { codexConfig } from './codex-config.ts';
import { type ModelServer, type Scenario, startModelServer } from './server.ts';

const shortYield = { cmd: 'sleep 0.5; echo slow >> log.txt', yield_time_ms: 250 };
const script = `// @exec: {"yield_time_ms": 100}\nawait tools.exec_command(${JSON.stringify(shortYield)});
await new Promise((later) => setTimeout(later, 600)); text("slept");`;

describe.each<[model: string, slow: NonNullable<Scenario['steps'][number]['call']>]>([
  ['mock-model', { name: 'exec_command', args: shortYield }],
  ['gpt-5.5', { name: 'exec_command', args: shortYield }],
  ['gpt-5.6-sol', { name: 'exec', input: script }],
])('the real codex with the tools of %s', (model, slow) => {
  it('edits, runs, answers in a schema, and comes back to the thread for a second turn', async () => {
    const scenarios: Scenario[] = [
      {
        name: 'plan',
        match: { turn: 'plan', repo: 'demo' },
        steps: [
          { expect: { schema: true }, think: 'Look first.', say: 'I will look.' },
          { write: { path: 'hello.txt', content: 'hello {{repo}}\n' } },
          { run: ['cat hello.txt > copy.txt', 'echo "it\'s $HOME" >> quoted.txt; exit 3'] },
          { call: slow },
          {
            json: { status: 'done', repo: '{{repo}}' },
            usage: { in: 700, cached: 500, out: 50, reasoning: 20 },
          },
        ],
      },
      {
        name: 'task',
        match: { turn: 'task', history: 'I will look.' },
        steps: [
          { patch: '*** Begin Patch\n*** Update File: hello.txt\n@@\n-hello demo\n+bye\n*** End Patch' },
          { final: 'Changed for {{task}}.' },
        ],
      },
    ];
    await using codex = await settle(scenarios, { model });
    await writeFile(path.join(codex.home, 'schema.json'), '{"type":"object"}');

    const plan = await codex.exec('Turn: plan\nRepository: demo', [
      '--output-schema',
      path.join(codex.home, 'schema.json'),
    ]);
    expect(codex.model.problems).toEqual([]);
    expect(plan.code).toBe(0);
    expect(await codex.file('copy.txt')).toBe('hello demo\n');
    expect(await codex.file('quoted.txt')).toBe(`it's ${codex.home}\n`);
    expect(plan.items('file_change')).toHaveLength(1);
    expect(plan.items('command_execution').map(({ exit_code }) => exit_code)).toContain(3);
    expect(plan.items('reasoning')).toMatchObject([{ text: 'Look first.' }]);
    expect(plan.items('agent_message').at(-1)).toMatchObject({ text: '{"status":"done","repo":"demo"}' });
    expect(plan.last).toMatchObject({
      type: 'turn.completed',
      usage: { input_tokens: 1100, cached_input_tokens: 500, output_tokens: 90, reasoning_output_tokens: 20 },
    });

    const task = await codex.exec('Turn: task\nTask: t-1', ['resume', plan.thread]);
    expect([task.code, task.thread]).toEqual([0, plan.thread]);
    expect(task.items('agent_message')).toMatchObject([{ text: 'Changed for t-1.' }]);
    expect(await codex.file('hello.txt')).toBe('bye\n');
    // The slow command was waited for and not started again.
    expect(await codex.file('log.txt')).toBe('slow\n');
    expect(codex.model.requests.some(({ because }) => because === 'waiting')).toBe(true);
    expect(codex.model.requests.at(-1)).toMatchObject({
      thread: plan.thread,
      userMessage: 2,
      scenario: 'task',
    });
  });

  it('fails on a refused key, a spent usage window and a long conversation', async () => {
    const scenarios: Scenario[] = [
      { name: 'auth', match: { repo: 'auth' }, steps: [{ fail: 'auth' }] },
      { name: 'limit', match: { repo: 'limit' }, steps: [{ 'usage-limit': { resets_at: 1_893_456_000 } }] },
      { name: 'long', match: { repo: 'long' }, steps: [{ fail: 'context' }] },
    ];
    await using codex = await settle(scenarios, { model });
    const refused = await codex.exec('Repository: auth');
    expect([refused.code, refused.last.error?.message]).toEqual([
      1,
      expect.stringContaining('401 Unauthorized'),
    ]);

    const limited = await codex.exec('Repository: limit');
    expect([limited.code, limited.last.error?.message]).toEqual([
      1,
      expect.stringContaining('your usage limit'),
    ]);
    expect(codex.rollout(limited.thread)).toContain('"resets_at":1893456000');
    expect(codex.rollout(limited.thread)).toContain('usage_limit_exceeded');

    const long = await codex.exec('Repository: long');
    expect([long.code, long.last.error?.message]).toEqual([1, expect.stringContaining('ran out of room')]);
    expect(codex.model.requests).toHaveLength(3);
  });

  it('gets over a line that breaks, and runs no command twice', async () => {
    const steps: Scenario['steps'] = [
      { cut: 'mid-text', say: 'This is never', times: 1 },
      { cut: 'after-items', run: 'echo once >> log.txt', times: 1 },
      { final: 'Done.' },
    ];
    await using codex = await settle([{ name: 'cut', steps }], { model, retries: 2 });
    const cut = await codex.exec('go');
    expect(cut.code).toBe(0);
    expect(cut.events.filter(({ type }) => type === 'error')).not.toEqual([]);
    expect(cut.items('agent_message')).toMatchObject([{ text: 'Done.' }]);
    expect(await codex.file('log.txt')).toBe('once\n');
  });

  it('goes on with the next step when its history is compacted in the middle of a turn', async () => {
    const steps: Scenario['steps'] = [
      { run: 'echo one >> log.txt', usage: { in: 200_000, out: 5 } },
      { run: 'echo two >> log.txt' },
      { final: 'Done.' },
    ];
    const toml = (url: string): string =>
      `model_auto_compact_token_limit = 20000\n${codexConfig(url, { model }).toml}`;
    await using codex = await settle([{ name: 'long', steps }], { toml });
    expect(await codex.exec('go')).toMatchObject({ code: 0 });
    expect(await codex.file('log.txt')).toBe('one\ntwo\n');
    expect(codex.model.requests.map(({ because }) => because)).toEqual([
      'step',
      'compaction',
      'step',
      'step',
    ]);
  });
});

it('codex takes the same settings from its command line', async () => {
  await using codex = await settle([{ name: 'only', steps: [{ final: 'Hello.' }] }], { toml: () => '' });
  const hello = await codex.exec('go', codexConfig(codex.model.url).args);
  expect(hello.items('agent_message')).toMatchObject([{ text: 'Hello.' }]);
});

it('codex comes over plain HTTP when its own provider tries a WebSocket first', async () => {
  await using codex = await settle([{ name: 'only', steps: [{ final: 'Hello.' }] }], {
    toml: (url) =>
      `openai_base_url = "${url}"\n${codexConfig(url).toml.replace('model_provider = "scripted"\n', '')}`,
    apiKey: 'sk-test',
  });
  const hello = await codex.exec('go');
  expect(hello.items('agent_message')).toMatchObject([{ text: 'Hello.' }]);
  expect(codex.model.requests.map(({ method, status }) => [method, status])).toEqual([
    ['GET', 426],
    ['POST', 200],
  ]);
  expect(codex.model.requests[1]!.headers['authorization']).toBe('(withheld)');
});

interface CodexEvent {
  readonly type: string;
  readonly thread_id?: string;
  readonly item?: CodexItem;
  readonly error?: { readonly message: string };
}
interface CodexItem {
  readonly type: string;
  readonly text?: string;
  readonly exit_code?: number | null;
}
interface CodexRun {
  readonly code: number | null;
  readonly thread: string;
  readonly events: readonly CodexEvent[];
  readonly last: CodexEvent;
  items(type: string): CodexItem[];
}
interface SettledCodex extends AsyncDisposable {
  readonly model: ModelServer;
  readonly home: string;
  exec(prompt: string, words?: readonly string[]): Promise<CodexRun>;
  file(name: string): Promise<string>;
  rollout(thread: string): string;
}
interface Wishes {
  readonly model?: string;
  readonly retries?: number;
  readonly toml?: (url: string) => string;
  readonly apiKey?: string;
}

async function settle(scenarios: Scenario[], wishes: Wishes): Promise<SettledCodex> {
  const binary = codexBinary();
  if (binary === undefined) throw new Error('npm has not installed a codex binary for this machine');
  const model = await startModelServer({ scenarios });
  const folder = await mkdtemp(path.join(os.tmpdir(), 'scripted-codex-'));
  const [home, work] = [path.join(folder, 'home'), path.join(folder, 'work')];
  await mkdir(home);
  await mkdir(work);
  const { retries, apiKey = '' } = wishes;
  const toml = wishes.toml?.(model.url) ?? codexConfig(model.url, { model: wishes.model, retries }).toml;
  await writeFile(path.join(home, 'config.toml'), toml);

  return {
    model,
    home,
    async exec(prompt, words = []) {
      const child = spawn(
        binary,
        ['exec', '--json', '--dangerously-bypass-approvals-and-sandbox', '-C', work, ...words, prompt],
        {
          env: {
            PATH: process.env['PATH'],
            HOME: home,
            CODEX_HOME: home,
            CODEX_API_KEY: apiKey,
            RUST_LOG: 'off',
          },
          stdio: ['ignore', 'pipe', 'pipe'],
          timeout: 45_000,
          killSignal: 'SIGINT',
        },
      );
      const ended = new Promise<number | null>((done) => child.once('close', done));
      const [said, complained] = await Promise.all([text(child.stdout), text(child.stderr)]);
      const lines = said.split('\n').filter(Boolean);
      if (lines.length === 0) throw new Error(`codex did not start: ${complained}`);
      const events = lines.map((line) => JSON.parse(line) as CodexEvent);
      return {
        code: await ended,
        thread: events[0]?.thread_id ?? '',
        events,
        last: events.at(-1) ?? { type: 'nothing' },
        items: (type) =>
          events.flatMap((event) =>
            event.type === 'item.completed' && event.item?.type === type ? [event.item] : [],
          ),
      };
    },
    file: (name) => readFile(path.join(work, name), 'utf8'),
    rollout: (thread) =>
      readFileSync(globSync(path.join(home, 'sessions', '**', `*${thread}.jsonl`))[0]!, 'utf8'),
    async [Symbol.asyncDispose]() {
      await model.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
