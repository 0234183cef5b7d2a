import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { type AgentPart, type AgentStage, agentContract } from '../../../../test/contracts/agent-contract.ts';
import type { TurnRequest } from '../../../ports/agents.ts';
import { supervisedCommands } from '../../processes/supervised-commands.ts';
import { commandAgent } from './command-agent.ts';

const commands = supervisedCommands({ graceMs: 500, pollMs: 10 });

/** A stage with an agent that is a script for Node; `request` in it is what it was told. */
async function stageFor(script: string): Promise<AgentStage & { readonly folder: string }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'clone-command-'));
  await mkdir(path.join(folder, 'workspace'));
  await writeFile(
    path.join(folder, 'agent.mjs'),
    `import { readFileSync } from 'node:fs';
     const request = JSON.parse(readFileSync(0, 'utf8'));
     const say = (event) => console.log(JSON.stringify(event));
     ${script}`,
  );
  const request: TurnRequest = {
    kind: 'task',
    cwd: path.join(folder, 'workspace'),
    prompt: 'do it',
    model: '',
    sandbox: 'workspace-write',
    limits: { totalMs: 20_000, modelSilenceMs: 10_000, commandSilenceMs: 10_000 },
    log: { folder: path.join(folder, 'logs'), stem: 'first' },
    session: 's-1',
  };
  const agent = commandAgent({
    name: 'mine',
    commandLine: [process.execPath, path.join(folder, 'agent.mjs'), '--quiet'],
    commands,
    environment: { PATH: process.env['PATH'], MINE: 'yes', OTHER: 'no', GITHUB_TOKEN: 'secret' },
    agentEnv: ['MINE', 'GITHUB_TOKEN'],
  });
  return {
    agent,
    request,
    folder,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

const begin = `say({ type: 'thread', id: request.thread ?? 'thread-1' });`;
const parts: Record<AgentPart, string> = {
  answer: `${begin}
    say({ type: 'usage', inputTokens: 100, outputTokens: 10 });
    say({ type: 'answer', json: { done: true } });
    say({ type: 'completed' });`,
  hang: `${begin} setInterval(() => undefined, 1000);`,
  fail: `${begin} say({ type: 'failed', reason: 'server', message: 'no' }); process.exit(1);`,
};
agentContract('a command', (part) => stageFor(parts[part]));

const never = new AbortController().signal;

describe('a command', () => {
  it('is told what to do, and sees what it may', async () => {
    await using stage = await stageFor(`
      const { env, argv } = process;
      const seen = { request, cwd: process.cwd(), args: argv.slice(2), env: [env.MINE, env.OTHER, env.GITHUB_TOKEN] };
      say({ type: 'answer', text: JSON.stringify(seen) });
      say({ type: 'completed' });`);
    const { cwd, prompt } = stage.request;
    const schema = { type: 'object' };
    const result = await stage.agent.turn(
      { ...stage.request, schema, thread: 't-9', model: 'm-1', sandbox: 'read-only' },
      () => undefined,
      never,
    );
    expect(JSON.parse(result.answer ?? '')).toEqual({
      request: {
        version: 1,
        turn: 'task',
        cwd,
        prompt,
        schema,
        thread: 't-9',
        model: 'm-1',
        sandbox: 'read-only',
      },
      cwd,
      args: ['--quiet'],
      env: ['yes', null, null],
    });
  });

  it('hears null for what there is not', async () => {
    await using stage = await stageFor(
      `say({ type: 'text', text: JSON.stringify(request) }); say({ type: 'completed' });`,
    );
    const { answer } = await stage.agent.turn(stage.request, () => undefined, never);
    expect(JSON.parse(answer ?? '')).toMatchObject({ schema: null, thread: null, model: null });
  });

  it('may be told more than it reads', async () => {
    await using stage = await stageFor('');
    const script = '#!/bin/sh\necho \'{"type":"completed"}\'\n';
    const program = path.join(stage.folder, 'short.sh');
    await writeFile(program, script, { mode: 0o755 });
    const short = commandAgent({
      name: 'short',
      commandLine: [program],
      commands,
      environment: process.env,
      agentEnv: [],
    });
    const result = await short.turn(
      { ...stage.request, prompt: 'x'.repeat(1_000_000) },
      () => undefined,
      never,
    );
    expect(result.outcome).toEqual({ kind: 'completed' });
  });

  it('is missed when it is not there', async () => {
    await using stage = await stageFor('');
    const agent = commandAgent({
      name: 'x',
      commandLine: ['no-such-agent'],
      commands,
      environment: {},
      agentEnv: [],
    });
    expect(await agent.probe()).toMatchObject({
      program: undefined,
      hint: expect.stringContaining('no-such-agent') as string,
    });
    const { outcome } = await agent.turn(stage.request, () => undefined, never);
    expect(outcome).toEqual({
      ...{ kind: 'failed', reason: 'failed-start', retryable: false },
      message: 'no-such-agent was not found; see agent_command.',
    });
  });

  it('keeps the documented contract in its smallest form', async () => {
    const document = await readFile(path.join(import.meta.dirname, '../../../../docs/AGENTS.md'), 'utf8');
    const script = /```sh\n([^`]*)```/.exec(document)?.[1] ?? '';
    await using stage = await stageFor('');
    const program = path.join(stage.folder, 'smallest.sh');
    await writeFile(program, script, { mode: 0o755 });
    const agent = commandAgent({
      name: 's',
      commandLine: [program],
      commands,
      environment: process.env,
      agentEnv: [],
    });
    const result = await agent.turn(stage.request, () => undefined, never);
    expect(result).toMatchObject({ outcome: { kind: 'completed' }, answer: 'nothing to do' });
  });
});
