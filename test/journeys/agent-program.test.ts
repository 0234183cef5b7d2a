import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CloneRun } from '../../testkit/sandbox/run-clone.ts';
import { type Sandbox, startSandbox } from '../../testkit/sandbox/sandbox.ts';
import {
  expectClean,
  expectRun,
  goodWork,
  handoff,
  plan,
  quickCheck,
  remoteFile,
  remoteSubjects,
  repoFiles,
  showJson,
  watchMemory,
} from './support.ts';

/** An agent that keeps the contract of docs/AGENTS.md, as well as its repository lets it. */
const program = `
import { readFileSync, writeFileSync, writeSync } from 'node:fs';
const request = JSON.parse(readFileSync(0, 'utf8'));
const repo = /^Repository: (.*)$/m.exec(request.prompt)[1];
const say = (line) => writeSync(1, JSON.stringify(line) + '\\n');
if (repo === 'silent') process.exit(0);
if (repo === 'a-crash') process.exit(7);
say({ type: 'thread', id: 'my-thread' });
if (repo === 'flood') for (let i = 0; i < 1600; i += 1) writeAll('x'.repeat(65535) + '\\n');
if (request.turn === 'plan') {
  say({ type: 'answer', json: ${JSON.stringify(plan('Only task'))} });
} else {
  writeFileSync('request.json', JSON.stringify(request));
  say({ type: 'command', phase: 'start', id: '1', command: 'make' });
  say({ type: 'command', phase: 'end', id: '1', command: 'make', exitCode: 0 });
  say({ type: 'answer', json: ${JSON.stringify(handoff('Do the only task'))} });
}
say({ type: 'usage', inputTokens: 50, cachedInputTokens: 10, outputTokens: 5, reasoningTokens: 1 });
say({ type: 'completed' });

function writeAll(text) {
  for (let at = 0; at < text.length; ) {
    try { at += writeSync(1, text.slice(at)); } catch (error) { if (error.code !== 'EAGAIN') throw error; }
  }
}
`;

describe('a program of the user as the agent', () => {
  let sandbox: Sandbox;
  let run: CloneRun;
  let folder = '';
  let mostMemory = 0;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'clone-agent-program-'));
    await writeFile(path.join(folder, 'agent.mjs'), program);
    await writeFile(path.join(folder, 'fake-codex'), '#!/bin/sh\ncat > /dev/null\nexit 0\n', { mode: 0o755 });
    const names = ['a-crash', 'flood', 'good', 'silent', 'z-last'];
    sandbox = await startSandbox({
      folder,
      repos: [
        ...names.map((name) => ({ name, files: repoFiles() })),
        { name: 'codex-silent', files: repoFiles(), entry: { agent: 'codex' } },
      ],
      scenarios: goodWork('nobody'),
      options: {
        ...quickCheck,
        agent: 'command',
        agent_command: `node ${folder}/agent.mjs`,
        codex_path: path.join(folder, 'fake-codex'),
        agent_attempts: 1,
        parallel_repos: 1,
        ci_grace_seconds: 0,
      },
    });
    const over = new AbortController();
    const watching = watchMemory(sandbox, over.signal);
    run = await sandbox.clone(['run']);
    over.abort();
    mostMemory = await watching;
  }, 180_000);
  afterAll(async () => {
    await sandbox[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  it('lets the run end with 1 when it failed somewhere, and leaves nothing behind', async () => {
    expectRun(run, 1);
    await expectClean(sandbox);
    expect(sandbox.model.requests).toEqual([]);
  });

  it('does the whole job over the documented contract', async () => {
    const shown = await showJson(sandbox, 'good');
    expect(shown).toMatchObject({ state: 'cleaned', agent: 'command', tasks: [{ state: 'done' }] });
    expect(shown.turns.map(({ kind, thread, usage }) => [kind, thread, usage.input_tokens])).toEqual([
      ['plan', 'my-thread', 50],
      ['task', 'my-thread', 50],
    ]);
    expect(await remoteSubjects(sandbox, 'good')).toEqual(['Do the only task', 'First commit']);
    const request = JSON.parse((await remoteFile(sandbox, 'good', 'request.json')) ?? '') as object;
    expect(request).toMatchObject({
      version: 1,
      turn: 'task',
      thread: 'my-thread',
      model: null,
      sandbox: 'workspace-write',
      schema: { type: 'object' },
    });
  });

  it.each(['silent', 'codex-silent'])('has failed when it ends well without a word: %s', async (repo) => {
    const shown = await showJson(sandbox, repo);
    expect(shown).toMatchObject({ state: 'failed', tasks: [], landed_sha: null });
    expect(shown.turns).toMatchObject([{ kind: 'plan', outcome: 'failed' }]);
    expect(shown.why).toMatch(/without one event|exit code 0/);
    expect(await remoteSubjects(sandbox, repo)).toEqual(['First commit']);
  });

  it('fails alone (B4), and eats no list (B3): the repositories after it get their visit', async () => {
    expect(await showJson(sandbox, 'a-crash')).toMatchObject({ state: 'failed' });
    const visited = [...run.stdout.matchAll(/ ([\w-]+): visit /g)].map(([, repo]) => repo);
    expect(visited).toEqual(['a-crash', 'codex-silent', 'flood', 'good', 'silent', 'z-last']);
    expect(await remoteSubjects(sandbox, 'z-last')).toEqual(['Do the only task', 'First commit']);
  });

  it('may print 100 MB without costing memory', async () => {
    expect(await showJson(sandbox, 'flood')).toMatchObject({ state: 'cleaned' });
    expect(mostMemory).toBeGreaterThan(20);
    expect(mostMemory).toBeLessThan(400);
  });
});
