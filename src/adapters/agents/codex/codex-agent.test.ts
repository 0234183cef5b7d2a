import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { type AgentPart, type AgentStage, agentContract } from '../../../../test/contracts/agent-contract.ts';
import { codexConfig } from '../../../../testkit/model/codex-config.ts';
import { type ModelServer, type Scenario, startModelServer } from '../../../../testkit/model/server.ts';
import type { AgentEvent, TurnResult } from '../../../domain/agent.ts';
import type { TurnRequest } from '../../../ports/agents.ts';
import { systemClock } from '../../clock/system-clock.ts';
import { supervisedCommands } from '../../processes/supervised-commands.ts';
import { type CodexAgentOptions, codexAgent } from './codex-agent.ts';

type Steps = Scenario['steps'];

interface CodexStage extends AgentStage {
  readonly folder: string;
  readonly model: ModelServer;
  turn(change?: Partial<TurnRequest>): Promise<{ result: TurnResult; events: AgentEvent[] }>;
  says(steps: Steps): void;
}

interface StageOptions {
  readonly retries?: number;
  readonly toml?: string;
  readonly agent?: Partial<CodexAgentOptions>;
}

const commands = supervisedCommands({ graceMs: 1000, pollMs: 20 });

/** The real codex, in a home of its own, with a scripted model and a person's folder with secrets in it. */
async function stageFor(
  steps: Steps,
  { retries, toml = '', agent: change }: StageOptions = {},
): Promise<CodexStage> {
  const folder = await mkdtemp(path.join(tmpdir(), 'clone-codex-'));
  const model = await startModelServer({ scenarios: [{ name: 'only', steps }] });
  const person = path.join(folder, 'person');
  for (const name of ['workspace', 'person/.codex'])
    await mkdir(path.join(folder, name), { recursive: true });
  await writeFile(path.join(person, '.codex/config.toml'), codexConfig(model.url, { retries }).toml + toml);
  for (const file of ['.bashrc', '.profile'])
    await writeFile(path.join(person, file), 'export FROM_RC=secret\n');
  const agent = codexAgent({
    commands,
    clock: systemClock(),
    homeFolder: path.join(folder, 'codex'),
    codexPath: '',
    userCodexHome: path.join(person, '.codex'),
    environment: {
      PATH: process.env['PATH'],
      HOME: person,
      CODEX_API_KEY: 'secret',
      GITHUB_TOKEN: 'secret',
      AWS_SECRET_ACCESS_KEY: 'secret',
      DB_PASSWORD: 'secret',
      MINE: 'shown',
    },
    agentEnv: ['MINE', 'GITHUB_TOKEN'],
    config: [],
    ...change,
  });
  const request: TurnRequest = {
    kind: 'task',
    cwd: path.join(folder, 'workspace'),
    prompt: 'do it',
    model: '',
    sandbox: 'danger-full-access',
    limits: { totalMs: 30_000, modelSilenceMs: 15_000, commandSilenceMs: 15_000 },
    log: { folder: path.join(folder, 'logs'), stem: 'first' },
    session: 's-1',
  };
  return {
    agent,
    request,
    folder,
    model,
    async turn(more) {
      const events: AgentEvent[] = [];
      const result = await agent.turn({ ...request, ...more }, (event) => events.push(event), never);
      return { result, events };
    },
    says(next) {
      model.setScenarios([{ name: 'next', steps: next }]);
    },
    async [Symbol.asyncDispose]() {
      await model.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const never = new AbortController().signal;
const spent = { in: 100, out: 10 };
const done: Steps = [{ json: { done: true }, usage: spent }];

const parts: Record<AgentPart, Steps> = {
  answer: done,
  hang: [{ hang: 'headers' }],
  fail: [{ fail: 'model' }],
};
agentContract('codex', (part) => stageFor(parts[part]));

describe.concurrent('codex', () => {
  it.each<[when: string, steps: Steps, outcome: object]>([
    ['is not let in', [{ fail: 'auth' }], { kind: 'auth' }],
    ['has no quota', [{ fail: 'quota' }], { kind: 'auth' }],
    [
      'is sent too much at once',
      [{ fail: 'rate-limit' }],
      { kind: 'limited', until: undefined, brief: true },
    ],
    [
      'hits its limit',
      [{ 'usage-limit': { resets_at: '2031-02-03T04:05:06Z' } }],
      { kind: 'limited', until: Date.parse('2031-02-03T04:05:06Z') },
    ],
    [
      'hits its limit, and only words say until when',
      [{ 'usage-limit': { resets_at: '2031-02-03T04:05:06Z', body_only: true } }],
      { kind: 'limited', until: Date.parse('2031-02-03T04:06:00Z') },
    ],
    [
      'loses its stream',
      [{ cut: 'mid-text', say: 'hello' }],
      { kind: 'failed', reason: 'server', retryable: true },
    ],
    ['meets a broken server', [{ fail: 'server' }], { kind: 'failed', reason: 'server', retryable: true }],
    ['has no room left', [{ fail: 'context' }], { kind: 'failed', reason: 'context' }],
    [
      'asks for a model there is not',
      [{ fail: 'model' }],
      { kind: 'failed', reason: 'config', retryable: false },
    ],
  ])('tells why when it %s', async (_when, steps, outcome) => {
    await using stage = await stageFor(steps);
    expect((await stage.turn()).result.outcome).toMatchObject(outcome);
  });

  it('tells that nobody is there', async () => {
    await using stage = await stageFor(done);
    await stage.model.close();
    expect((await stage.turn()).result.outcome).toMatchObject({
      kind: 'failed',
      reason: 'network',
      retryable: true,
    });
  });

  it('is not left alone with a 429 that asks for an hour', async () => {
    const steps: Steps = [{ fail: { status: 429, headers: { 'retry-after': '3600' } } }];
    await using stage = await stageFor(steps, { retries: 2, agent: { retryMs: 200 } });
    const { result, events } = await stage.turn();
    expect(result.outcome).toMatchObject({ kind: 'limited', until: undefined });
    expect(events).toContainEqual(expect.objectContaining({ kind: 'retry', status: 429 }));
  });

  it('starts anew where a thread is unknown', async () => {
    await using stage = await stageFor(done);
    const { result } = await stage.turn({ thread: '01a1fbbe-6519-7ed2-ac56-bb6e4ff63914' });
    expect(result.outcome).toMatchObject({ kind: 'failed', reason: 'failed-start', retryable: true });
    expect(result.thread).toBeUndefined();
  });

  it('says what is wrong with its settings', async () => {
    await using stage = await stageFor(done, { agent: { config: ['model_reasoning_effort=[1]'] } });
    expect((await stage.turn()).result.outcome).toMatchObject({
      kind: 'failed',
      reason: 'config',
      retryable: false,
    });
  });

  it('counts what a failed turn cost, and not again in the next', async () => {
    await using stage = await stageFor([{ run: 'true', usage: spent }, { fail: 'context' }]);
    const first = await stage.turn();
    expect(first.result.outcome.kind).toBe('failed');
    expect(first.result.usage).toMatchObject({ inputTokens: 100, outputTokens: 10 });
    stage.says(done);
    const log = { ...stage.request.log, stem: 'second' };
    const second = await stage.turn({ thread: first.result.thread, log });
    expect(second.result.outcome.kind).toBe('completed');
    expect(second.result.usage).toMatchObject({ inputTokens: 100, outputTokens: 10 });
  });

  it('leaves no last message of an earlier turn', async () => {
    await using stage = await stageFor(done);
    await stage.turn();
    const file = path.join(stage.request.log.folder, 'first.last-message.txt');
    expect(await readFile(file, 'utf8')).toBe('{"done":true}');
    stage.says([{ fail: 'auth' }]);
    await stage.turn();
    expect(await readFile(file, 'utf8').catch(() => '')).toBe('');
  });

  it('is asked through the form of its answer', async () => {
    await using stage = await stageFor(done);
    await stage.turn({
      schema: { type: 'object', properties: {}, required: [], additionalProperties: false },
    });
    const [request] = stage.model.requests.filter(({ method }) => method === 'POST');
    expect(request?.body).toMatchObject({ text: { format: { type: 'json_schema' } } });
  });

  it('is offered no further agents', async () => {
    await using stage = await stageFor(done);
    await stage.turn();
    const tools = stage.model.requests.flatMap((request) => request.tools ?? []);
    expect(tools).toContain('exec_command');
    expect(tools.filter((tool) => /agent|collab|spawn/.test(tool))).toEqual([]);
  });
});

describe.concurrent('the commands of codex', () => {
  async function environmentOf(
    stage: CodexStage,
    change?: Partial<TurnRequest>,
  ): Promise<Record<string, string>> {
    await stage.turn(change);
    const text = await readFile(path.join(stage.request.log.folder, 'first.jsonl'), 'utf8');
    const output = /"aggregated_output":("(?:[^"\\]|\\.)+")/.exec(text)?.[1] ?? '""';
    const lines = (JSON.parse(output) as string).split('\n').filter((line) => line.includes('='));
    return Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );
  }

  it.each(['workspace-write', 'danger-full-access'] as const)(
    'see no secret, not even one that the person’s shell exports, in %s',
    async (sandbox) => {
      await using stage = await stageFor([{ run: 'env' }, { final: 'ok' }]);
      const seen = await environmentOf(stage, { sandbox });
      expect(seen).toMatchObject({ MINE: 'shown', HOME: path.join(stage.folder, 'person') });
      expect(seen['CLONE_MARKER']).toMatch(/^s-1\./);
      expect(Object.entries(seen).filter(([, value]) => value.includes('secret'))).toEqual([]);
    },
  );

  it('see no key of the provider, which codex itself needs', async () => {
    const environment = { PATH: process.env['PATH'], MINE_KEY: 'secret-of-the-provider' };
    await using stage = await stageFor([{ run: 'env' }, { final: 'ok' }], {
      toml: 'model_providers.scripted.env_key = "MINE_KEY"\n',
      agent: { environment },
    });
    const seen = await environmentOf(stage);
    expect(seen).toHaveProperty('PATH');
    expect(seen).not.toHaveProperty('MINE_KEY');
  });

  it('leave no daemon behind', async () => {
    const unique = `1000.${process.pid}7`;
    await using stage = await stageFor([
      { run: `setsid nohup sleep ${unique} >/dev/null 2>&1 & sleep 0.1` },
      { final: 'ok' },
    ]);
    expect((await stage.turn()).result.outcome.kind).toBe('completed');
    expect(running(unique)).toEqual([]);
  });

  it('are ended when they hang, and codex goes on', async () => {
    await using stage = await stageFor([{ run: `sleep 1000.${process.pid}8` }, { final: 'went on' }]);
    const { result, events } = await stage.turn({
      limits: { totalMs: 30_000, modelSilenceMs: 1500, commandSilenceMs: 20_000 },
    });
    expect(result).toMatchObject({ outcome: { kind: 'completed' }, answer: 'went on' });
    expect(events).toContainEqual(expect.objectContaining({ kind: 'command', phase: 'end' }));
  });

  it('may write where they work and nowhere else', async () => {
    await using stage = await stageFor([
      { run: 'touch inside; touch "$HOME/outside"; true' },
      { final: 'ok' },
    ]);
    const home = await mkdtemp(path.join(tmpdir(), 'clone-home-'));
    try {
      const agent = codexAgent({
        commands,
        clock: systemClock(),
        homeFolder: path.join(stage.folder, 'codex'),
        codexPath: '',
        userCodexHome: path.join(stage.folder, 'person/.codex'),
        environment: { PATH: process.env['PATH'], HOME: home },
        agentEnv: [],
        config: [],
      });
      const { outcome } = await agent.turn(
        { ...stage.request, sandbox: 'workspace-write' },
        () => undefined,
        never,
      );
      expect(outcome).toEqual({ kind: 'completed' });
      expect(readdirSync(home)).toEqual([]);
      expect(readdirSync(stage.request.cwd)).toEqual(['inside']);
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  });
});

describe('the home of codex', () => {
  it('has the person’s login, and nothing else of theirs', async () => {
    await using stage = await stageFor(done, {
      toml: '[mcp_servers.theirs]\ncommand = "false"\nrequired = true\n',
    });
    const login = path.join(stage.folder, 'person/.codex/auth.json');
    await writeFile(login, '{}');
    expect((await stage.turn()).result.outcome).toEqual({ kind: 'completed' });
    const home = path.join(stage.folder, 'codex');
    expect(await readlink(path.join(home, 'auth.json'))).toBe(login);
    expect(await readFile(path.join(home, 'config.toml'), 'utf8')).not.toContain('mcp_servers');
  });

  it('keeps a login that codex has renewed in place of the link', async () => {
    await using stage = await stageFor(done);
    const renewed = path.join(stage.folder, 'codex/auth.json');
    await mkdir(path.dirname(renewed));
    await writeFile(renewed, '{"new":true}');
    await stage.turn();
    expect(await readFile(renewed, 'utf8')).toBe('{"new":true}');
  });
});

describe.concurrent('codex is looked at', () => {
  const builtIn = { userCodexHome: '/nowhere' };
  const searchPath = process.env['PATH'];

  it.each<[what: string, change: Partial<CodexAgentOptions>, state: object]>([
    ['a provider without a key', {}, { login: 'unknown', hint: undefined }],
    [
      'a key',
      { ...builtIn, environment: { PATH: searchPath, CODEX_API_KEY: 'k' } },
      { login: 'ok', hint: undefined },
    ],
    [
      'no login',
      { ...builtIn, environment: { PATH: searchPath } },
      { login: 'missing', hint: expect.stringContaining('codex login') as string },
    ],
    [
      'a provider whose key is missing',
      { config: ['model_providers.scripted.env_key="THEIR_KEY"'] },
      { login: 'missing', hint: expect.stringContaining('THEIR_KEY') as string },
    ],
    [
      'no program',
      { codexPath: '/nowhere/codex' },
      { program: undefined, version: undefined, hint: expect.stringContaining('npm install') as string },
    ],
    ['a program that is none', { codexPath: '/bin/false' }, { program: '/bin/false', version: undefined }],
  ])('and has %s', async (_what, change, state) => {
    await using stage = await stageFor(done, { agent: change });
    expect(await stage.agent.probe()).toMatchObject(state);
    expect(stage.model.requests).toEqual([]);
  });

  it('and tells its version', async () => {
    await using stage = await stageFor(done);
    expect((await stage.agent.probe()).version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it('and is missed in a turn, too', async () => {
    await using stage = await stageFor(done, { agent: { codexPath: '/nowhere/codex' } });
    expect((await stage.turn()).result.outcome).toMatchObject({
      kind: 'failed',
      reason: 'failed-start',
      retryable: false,
    });
  });
});

function running(text: string): string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && commandLine(name).includes(text));
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
