import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

import {
  codeItem,
  commandsOf,
  itemsOf,
  patchingTools,
  post,
  type RawThreadOptions,
  rawThread,
  wordsOf,
} from './raw-client.ts';
import { type ModelServer, type Scenario, startModelServer } from './server.ts';

type Steps = Scenario['steps'];

const done: Steps[number] = { final: 'done' };

function serve(...scenarios: Scenario[]): Promise<ModelServer> {
  return startModelServer({ scenarios });
}

function play(...steps: Steps): Promise<ModelServer> {
  return serve({ name: 'only', steps });
}

describe('a conversation turn', () => {
  it('goes through the steps, one request each, and repeats the last one for ever', async () => {
    await using server = await play({ run: 'ls' }, { run: ['a', 'b'] }, done);
    const thread = rawThread(server.url);
    expect(commandsOf(await thread.prompt('go'))).toEqual(['ls']);
    expect(commandsOf(await thread.results('x'))).toEqual(['a', 'b']);
    expect(wordsOf(await thread.results('x', 'y'))).toEqual(['done']);
    expect(wordsOf(await thread.again())).toEqual(['done']);
  });

  it('starts over with the next user prompt, with and without turn ids', async () => {
    await using server = await play({ run: 'ls' }, { final: 'call {{call}}' });
    for (const turnIds of [true, false]) {
      const thread = rawThread(server.url, { turnIds });
      await thread.prompt('one');
      const first = await thread.results('x');
      expect(commandsOf(await thread.prompt('two'))).toEqual(['ls']);
      expect(wordsOf(await thread.results('x'))).not.toEqual(wordsOf(first));
    }
    expect(server.requests.map(({ userMessage }) => userMessage)).toEqual([1, 1, 2, 2, 1, 1, 2, 2]);
  });

  it('is not disturbed by another thread', async () => {
    await using server = await play({ run: 'one' }, { run: 'two' }, done);
    const [a, b] = [rawThread(server.url), rawThread(server.url)];
    await Promise.all([a.prompt('go'), b.prompt('go')]);
    const [second, alsoSecond] = await Promise.all([a.results('x'), b.results('x')]);
    expect([...commandsOf(second), ...commandsOf(alsoSecond)]).toEqual(['two', 'two']);
  });

  it('gets the same calls again when it asks again without their results', async () => {
    await using server = await play({ run: 'ls' }, done);
    const thread = rawThread(server.url);
    const first = await thread.prompt('go');
    expect(itemsOf(await thread.again())).toEqual(itemsOf(first));
    expect(wordsOf(await thread.results('x'))).toEqual(['done']);
  });

  it('waits for a process that is still running before the next step', async () => {
    await using server = await play({ run: ['slow', 'quick'] }, done);
    const thread = rawThread(server.url);
    await thread.prompt('go');
    const running = 'Chunk ID: 1\nProcess running with session ID 42\nOutput:\n';
    const poll = itemsOf(await thread.results(running, 'Process exited with code 0\nOutput:\n'));
    expect(poll.map(({ name, arguments: args }) => [name, JSON.parse(args!) as unknown])).toEqual([
      ['write_stdin', { session_id: 42, chars: '', yield_time_ms: 30_000 }],
    ]);
    expect(itemsOf(await thread.results(running))[0]!.name).toBe('write_stdin');
    expect(wordsOf(await thread.results('Process exited with code 0\nOutput:\n'))).toEqual(['done']);
    expect(server.requests.map(({ because }) => because)).toEqual(['step', 'waiting', 'waiting', 'step']);
  });

  it('takes what a command prints for a report about a process only where codex puts it', async () => {
    await using server = await play({ run: 'ls' }, done);
    const thread = rawThread(server.url);
    await thread.prompt('go');
    const output = 'Process exited with code 0\nOutput:\nProcess running with session ID 7\n';
    expect(wordsOf(await thread.results(output))).toEqual(['done']);
  });

  it('does not wait for a command in the background', async () => {
    await using server = await play({ run: 'serve', background: true }, done);
    const thread = rawThread(server.url);
    await thread.prompt('go');
    expect(wordsOf(await thread.results('Process running with session ID 42\nOutput:\n'))).toEqual(['done']);
  });

  it('goes on after a compaction, though the results it waited for are only in the compacted history', async () => {
    await using server = await play({ run: 'one' }, { run: 'two' }, done);
    const thread = rawThread(server.url);
    await thread.prompt('go');
    expect(wordsOf(await thread.compact('Process running with session ID 3\nOutput:\n'))).toEqual([
      'Summary by the scripted model.',
    ]);
    expect(itemsOf(await thread.again())).toMatchObject([{ name: 'write_stdin' }]);
    expect(commandsOf(await thread.results('Process exited with code 0\nOutput:\n'))).toEqual(['two']);
    expect(server.requests.map(({ because, step }) => [because, step])).toEqual([
      ['step', 0],
      ['compaction', undefined],
      ['waiting', 0],
      ['step', 1],
    ]);
  });
});

describe('the choice of a scenario', () => {
  const prompt = 'Turn: task\nRepository: demo\nTask: t-7\n\nFix the bug.';
  const named = (name: string, match: Scenario['match']): Scenario => ({
    name,
    match,
    steps: [{ final: name }],
  });
  const rest = named('rest', {});

  it.each<[what: string, match: Scenario['match'], fits: boolean]>([
    ['a piece of the prompt', { prompt: 'the bug' }, true],
    ['another piece of text', { prompt: 'the cat' }, false],
    ['an expression', { prompt: '/FIX.*bug/i' }, true],
    ['another expression', { prompt: '/FIX.*bug/' }, false],
    ['what codex adds to the input', { prompt: 'environment_context' }, false],
    ['anything in the input', { history: 'environment_context' }, true],
    ['the turn kind', { turn: 'task' }, true],
    ['another turn kind', { turn: 'plan' }, false],
    ['one of several turn kinds', { turn: ['plan', 'task'] }, true],
    ['the repository', { repo: 'demo' }, true],
    ['a part of the repository name', { repo: 'dem' }, false],
    ['the task', { task: '/^t-/' }, true],
    ['the working folder', { cwd: '/code' }, true],
    ['another working folder', { cwd: 'elsewhere' }, false],
    ['the model', { model: 'mock-model' }, true],
    ['several things at once', { turn: 'task', repo: 'demo', prompt: 'cat' }, false],
  ])('looks at %s', async (_what, match, fits) => {
    await using server = await serve(named('wanted', match), rest);
    expect(wordsOf(await rawThread(server.url).prompt(prompt))).toEqual([fits ? 'wanted' : 'rest']);
  });

  it('looks at the last prompt only, unless asked for the history', async () => {
    await using server = await serve(
      named('early', { prompt: 'first' }),
      named('late', { history: 'first' }),
      rest,
    );
    const thread = rawThread(server.url);
    expect(wordsOf(await thread.prompt('first'))).toEqual(['early']);
    expect(wordsOf(await thread.prompt('second'))).toEqual(['late']);
  });

  it('counts the turns that fit', async () => {
    await using server = await serve(
      named('first', { turn: 'task', call: 1 }),
      named('second or fourth', { turn: 'task', call: [2, 4] }),
      rest,
    );
    const thread = rawThread(server.url);
    const heard: string[] = [];
    for (const text of [prompt, 'Turn: plan', prompt, prompt, prompt]) {
      heard.push(...wordsOf(await thread.prompt(text)));
    }
    expect(heard).toEqual(['first', 'rest', 'second or fourth', 'rest', 'second or fourth']);
  });

  it('passes on to the next one when a scenario has served its times', async () => {
    await using server = await serve({ ...named('twice', {}), times: 2 }, rest);
    const thread = rawThread(server.url);
    const heard: string[] = [];
    for (const text of ['a', 'b', 'c']) heard.push(...wordsOf(await thread.prompt(text)));
    expect(heard).toEqual(['twice', 'twice', 'rest']);
  });

  it('fails loudly, with every reason, when no scenario fits', async () => {
    await using server = await serve(named('planner', { turn: 'plan' }), named('other', { repo: 'x' }));
    const answer = await rawThread(server.url).prompt(prompt);
    expect(answer.status).toBe(400);
    expect(server.problems).toEqual([
      'no scenario for this turn (turn task, repository demo, task t-7, prompt ' +
        `${JSON.stringify(prompt)}); planner (turn is task); other (repo is demo)`,
    ]);
    expect(answer.text).toContain('planner (turn is task)');
  });
});

describe('a step', () => {
  it('thinks, talks and acts in one answer', async () => {
    await using server = await play(
      { think: 'hm', say: 'so', run: 'ls', usage: { in: 9, cached: 4, out: 3 } },
      done,
    );
    const answer = await rawThread(server.url).prompt('go');
    expect(itemsOf(answer).map(({ type }) => type)).toEqual(['reasoning', 'message', 'function_call']);
    expect(answer.events.at(-1)).toMatchObject({
      type: 'response.completed',
      response: {
        usage: {
          input_tokens: 9,
          input_tokens_details: { cached_tokens: 4 },
          output_tokens: 3,
          output_tokens_details: { reasoning_tokens: 0 },
          total_tokens: 12,
        },
        end_turn: false,
      },
    });
  });

  it('fills in what the prompt says, and leaves other braces alone', async () => {
    await using server = await play({
      json: { at: ['{{repo}}', '{{task}}/{{call}}'], other: '${{ x }} {{nobody}}' },
    });
    const answer = await rawThread(server.url).prompt('Turn: task\nRepository: demo\nTask: t1');
    expect(JSON.parse(wordsOf(answer)[0]!)).toEqual({ at: ['demo', 't1/1'], other: '${{ x }} {{nobody}}' });
    expect(answer.events.at(-1)!.response!.end_turn).toBe(true);
  });

  const patch = '*** Begin Patch\n*** Add File: a b.txt\n+one\n+PATCH\n*** End Patch';
  const viaShell = { cmd: `apply_patch <<'PATCH'\n${patch}\nPATCH` };
  it.each<[dialect: string, RawThreadOptions, type: string, name: string, input: unknown]>([
    ['plain functions', {}, 'function_call', 'exec_command', viaShell],
    ['a patch tool', { tools: patchingTools }, 'custom_tool_call', 'apply_patch', patch],
    [
      'JavaScript',
      { firstItems: [codeItem] },
      'custom_tool_call',
      'exec',
      `text(await tools.apply_patch(${JSON.stringify(patch)}));`,
    ],
  ])('changes files with %s', async (_dialect, options, type, name, input) => {
    const file = { path: 'a b.txt', content: 'one\nPATCH\n' };
    await using server = await play({ write: file }, { patch }, done);
    const thread = rawThread(server.url, options);
    for (const answer of [await thread.prompt('go'), await thread.results('ok')]) {
      const [item] = itemsOf(answer);
      expect(item).toMatchObject({ type, name });
      expect(item!.input ?? JSON.parse(item!.arguments!)).toEqual(input);
    }
  });

  it('runs commands in JavaScript, and waits for a script that takes long', async () => {
    await using server = await play({ run: 'echo "a"' }, done);
    const thread = rawThread(server.url, { firstItems: [codeItem] });
    const [call] = itemsOf(await thread.prompt('go'));
    expect(call).toMatchObject({ type: 'custom_tool_call', name: 'exec' });
    expect(call!.input).toContain('tools.exec_command({"cmd":"echo \\"a\\""');
    const [wait] = itemsOf(
      await thread.results('Script running with cell ID 3\nWall time 30 seconds\nOutput:\n'),
    );
    expect([wait!.name, JSON.parse(wait!.arguments!)]).toEqual([
      'wait',
      { cell_id: '3', yield_time_ms: 30_000 },
    ]);
    expect(wordsOf(await thread.results('Script completed\nOutput:\n'))).toEqual(['done']);
  });

  it('says so when it cannot act because no tools are offered', async () => {
    await using server = await play({ run: 'ls' });
    expect(await rawThread(server.url, { tools: [] }).prompt('go')).toMatchObject({ status: 400 });
    expect(server.problems[0]).toContain('scenario "only", steps[0]: the request offers no tool');
  });

  it('sends raw calls as they are', async () => {
    await using server = await play(
      { call: { name: 'add', namespace: 'mcp__demo', args: { a: 1 } } },
      { call: { name: 'exec', input: 'text(1)' } },
      done,
    );
    const thread = rawThread(server.url);
    const raw = { type: 'function_call', name: 'add', namespace: 'mcp__demo', arguments: '{"a":1}' };
    expect(itemsOf(await thread.prompt('go'))[0]).toMatchObject(raw);
    const custom = { type: 'custom_tool_call', name: 'exec', input: 'text(1)' };
    expect(itemsOf(await thread.results('x'))[0]).toMatchObject(custom);
  });

  it('is huge, as a command and as a message', async () => {
    await using server = await play({ huge: { bytes: 5000 } }, { huge: { bytes: 200_000, via: 'message' } });
    const thread = rawThread(server.url);
    expect(commandsOf(await thread.prompt('go'))[0]).toMatch(/head -c 5000$/);
    expect(wordsOf(await thread.results('x'))[0]).toHaveLength(200_000);
  });

  it('that only waits or expects leads on to the next one in the same answer', async () => {
    await using server = await play({ delay: 1 }, { expect: { prompt: 'go' } }, { delay: 1, final: 'done' });
    expect(wordsOf(await rawThread(server.url).prompt('go'))).toEqual(['done']);
    expect(server.requests).toMatchObject([{ step: 2 }]);
  });

  it('adds headers to an answer', async () => {
    await using server = await play({ final: 'ok', headers: { 'x-codex-primary-used-percent': 80 } });
    const answer = await rawThread(server.url).prompt('go');
    expect(answer.headers.get('x-codex-primary-used-percent')).toBe('80');
  });

  it.each<[what: string, Steps[number]['expect'], complaint: string | undefined]>([
    ['a text that is there', { prompt: 'go' }, undefined],
    ['a text that is missing', { prompt: '/stop/' }, 'prompt lacks /stop/'],
    ['a text that must not be there', { lacks: ['go', 'nothing'] }, 'the input contains go'],
    ['a tool that is there', { tools: ['exec_command'] }, undefined],
    ['a tool that is missing', { tools: ['apply_patch'] }, 'the tool apply_patch is not offered'],
    ['a schema that is missing', { schema: true }, 'no output schema is given'],
    ['another model', { model: 'gpt-5.5' }, 'model lacks gpt-5.5'],
  ])('expects %s', async (_what, wish, complaint) => {
    await using server = await play({ expect: wish, final: 'done' });
    const answer = await rawThread(server.url).prompt('go');
    expect(answer.status).toBe(complaint === undefined ? 200 : 400);
    const problem = `scenario "only", steps[0]: expected otherwise: ${complaint ?? ''}`;
    expect(server.problems).toEqual(complaint === undefined ? [] : [problem]);
  });
});

describe('an accident', () => {
  it.each<[fail: string, status: number, code: string]>([
    ['auth', 401, 'invalid_api_key'],
    ['server', 500, 'server_error'],
    ['overloaded', 503, 'server_is_overloaded'],
    ['rate-limit', 429, 'rate_limit_exceeded'],
    ['quota', 429, 'insufficient_quota'],
    ['model', 404, 'model_not_found'],
  ])('called %s is HTTP %i', async (fail, status, code) => {
    await using server = await play({ fail: fail as 'auth' });
    const answer = await rawThread(server.url).prompt('go');
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toMatchObject({ error: { code } });
  });

  it.each<[fail: 'context' | 'incomplete', event: object]>([
    ['context', { type: 'response.failed', response: { error: { code: 'context_length_exceeded' } } }],
    ['incomplete', { type: 'response.incomplete' }],
  ])('called %s is the last event of a stream', async (fail, event) => {
    await using server = await play({ fail });
    const answer = await rawThread(server.url).prompt('go');
    expect(answer.status).toBe(200);
    expect(answer.events.at(-1)).toMatchObject(event);
  });

  it('has the status, the headers and the body it is given, and ends after its times', async () => {
    await using server = await play(
      {
        fail: {
          status: 502,
          headers: { 'Retry-After': 7, 'Content-Type': 'text/html' },
          body: '<b>no</b>',
          times: 2,
        },
      },
      { fail: { status: 503 }, times: 1 },
      done,
    );
    const thread = rawThread(server.url);
    const first = await thread.prompt('go');
    expect(first).toMatchObject({ status: 502, text: '<b>no</b>' });
    expect([first.headers.get('retry-after'), first.headers.get('content-type')]).toEqual(['7', 'text/html']);
    expect(await thread.again()).toMatchObject({ status: 502 });
    expect(await thread.again()).toMatchObject({ status: 503 });
    expect(await thread.again().then(wordsOf)).toEqual(['done']);
  });

  it('without times goes on for ever, and the next prompt meets it again', async () => {
    await using server = await play({ fail: 'server' }, done);
    const thread = rawThread(server.url);
    const statuses = [
      await thread.prompt('go'),
      await thread.again(),
      await thread.again(),
      await thread.prompt('b'),
    ];
    expect(statuses.map(({ status }) => status)).toEqual([500, 500, 500, 500]);
  });

  it('is a usage limit that says when it ends, in the body and in the headers', async () => {
    await using server = await play({
      'usage-limit': { resets_at: '2030-01-01T00:00:00Z', window: 'secondary' },
    });
    const answer = await rawThread(server.url).prompt('go');
    expect(answer.status).toBe(429);
    expect(JSON.parse(answer.text)).toMatchObject({
      error: { type: 'usage_limit_reached', plan_type: 'plus', resets_at: 1_893_456_000 },
    });
    expect(answer.headers.get('x-codex-secondary-used-percent')).toBe('100');
    expect(answer.headers.get('x-codex-secondary-reset-at')).toBe('1893456000');
  });

  it('is a usage limit that ends after a while, told in the body only', async () => {
    await using server = await play({ 'usage-limit': { resets_in_seconds: 60, body_only: true } });
    const answer = await rawThread(server.url).prompt('go');
    expect(JSON.parse(answer.text)).toMatchObject({ error: { resets_in_seconds: 60 } });
    expect([...answer.headers.keys()].filter((name) => name.startsWith('x-codex'))).toEqual([]);
  });

  it('is a usage limit that does not say when it ends', async () => {
    await using server = await play({ 'usage-limit': {} });
    const answer = await rawThread(server.url).prompt('go');
    expect(answer.text).not.toContain('resets');
    expect(answer.headers.get('x-codex-primary-used-percent')).toBe('100');
    expect(answer.headers.has('x-codex-primary-reset-at')).toBe(false);
  });

  it('cuts the line before the answer, in a text, or after the items', async () => {
    await using server = await play(
      { cut: 'start', times: 1 },
      { cut: 'mid-text', think: 'hm', say: 'half of it', run: 'never', times: 1 },
      { cut: 'mid-text', times: 1 },
      { cut: 'after-items', run: 'ls', times: 1 },
      done,
    );
    const thread = rawThread(server.url);
    expect(await thread.prompt('go')).toMatchObject({ status: 0, broken: true });
    const half = await thread.again();
    expect(half).toMatchObject({ status: 200, broken: true });
    expect(itemsOf(half)).toMatchObject([{ type: 'reasoning' }]);
    expect(half.events.at(-1)).toMatchObject({ type: 'response.output_text.delta', delta: 'half ' });
    expect(await thread.again()).toMatchObject({ status: 200, broken: true });
    const late = await thread.again();
    expect([late.broken, commandsOf(late)]).toEqual([true, ['ls']]);
    expect(wordsOf(await thread.results('x'))).toEqual(['done']);
  });

  it.each(['headers', 'stream'] as const)(
    'hangs instead of sending the %s, until the client leaves',
    async (hang) => {
      await using server = await play({ hang, times: 1 }, done);
      const leaving = new AbortController();
      const thread = rawThread(server.url, { id: 't', turnIds: false, signal: leaving.signal });
      const answer = thread.prompt('go');
      await expect.poll(() => server.requests.length).toBe(1);
      leaving.abort();
      expect(await answer).toMatchObject({ broken: true });
      expect(server.requests[0]!.status).toBe(hang === 'headers' ? null : 200);
      const again = rawThread(server.url, { id: 't', turnIds: false });
      expect(wordsOf(await again.prompt('go'))).toEqual(['done']);
    },
  );

  it('does not keep the server from closing', async () => {
    const server = await play({ hang: 'headers' });
    const slow = await play({ delay: 3_600_000, final: 'late' });
    const answers = [rawThread(server.url).prompt('go'), rawThread(slow.url).prompt('go')];
    await expect.poll(() => server.requests.length + slow.requests.length).toBe(2);
    await Promise.all([server.close(), slow.close()]);
    expect((await Promise.all(answers)).map(({ broken }) => broken)).toEqual([true, true]);
  });
});

describe('the server', () => {
  it.each<[method: string, path: string, status: number]>([
    ['HEAD', '/', 200],
    ['GET', '/v1/responses', 426],
    ['GET', '/any/base/responses', 426],
    ['GET', '/v1/models', 404],
    ['POST', '/v1/chat/completions', 404],
    ['GET', '/', 404],
  ])('answers %s %s with %i and records it', async (method, where, status) => {
    await using server = await play(done);
    const response = await fetch(new URL(where, server.url), { method });
    expect(response.status).toBe(status);
    expect(server.requests).toMatchObject([{ method, path: where, status }]);
  });

  it('refuses what is not a request of the Responses API', async () => {
    await using server = await play(done);
    for (const body of ['{', '{}', { model: 'm', input: 7 }]) {
      expect(await post(`${server.url}/responses`, body)).toMatchObject({ status: 400 });
    }
    expect(server.problems).toHaveLength(3);
  });

  it('takes a prompt as plain text, as people type it for curl', async () => {
    await using server = await play(done);
    expect(wordsOf(await post(`${server.url}/responses`, { model: 'm', input: 'hi' }))).toEqual(['done']);
    expect(server.requests).toMatchObject([{ prompt: 'hi', scenario: 'only', because: 'step', step: 0 }]);
  });

  it('reads packed bodies', async () => {
    await using server = await play(done);
    const body = zstdCompressSync(JSON.stringify({ model: 'm', input: 'hi' }));
    const response = await fetch(`${server.url}/responses`, {
      method: 'POST',
      body: new Uint8Array(body),
      headers: { 'content-encoding': 'zstd' },
    });
    expect([response.status, server.requests[0]!.prompt]).toEqual([200, 'hi']);
  });

  it('records every request, without the key, in memory, over HTTP and in a file', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'model-journal-'));
    const journal = path.join(folder, 'deep', 'requests.jsonl');
    {
      await using server = await startModelServer({
        scenarios: [{ name: 'only', steps: [done] }],
        journal,
        keep: 2,
      });
      const thread = rawThread(server.url, { id: 'thread-1' });
      for (const repo of ['a', 'b', 'c']) await thread.prompt(`Turn: plan\nRepository: ${repo}`);
      expect(server.requests.map(({ repo }) => repo)).toEqual(['b', 'c']);
      const seen = await fetch(new URL('/__testkit/requests', server.url)).then((response) =>
        response.json(),
      );
      expect(seen).toEqual({ requests: server.requests, problems: [] });
    }
    const text = await readFile(journal, 'utf8');
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(lines).toHaveLength(3);
    expect(lines[2]).toMatchObject({
      thread: 'thread-1',
      userMessage: 3,
      turn: 'plan',
      repo: 'c',
      cwd: '/code/demo',
      tools: ['exec_command', 'write_stdin'],
      scenario: 'only',
      step: 0,
      headers: { authorization: '(withheld)' },
      body: { model: 'mock-model', prompt_cache_key: 'thread-1' },
    });
    expect(text).not.toContain('secret-key');
    await rm(folder, { recursive: true });
  });

  it('takes new scenarios while it runs, by call and over HTTP, and keeps the old ones if the new are wrong', async () => {
    await using server = await play({ final: 'old' });
    const thread = rawThread(server.url);
    const url = new URL('/__testkit/scenarios', server.url).href;
    server.setScenarios([{ name: 'new', steps: [{ final: 'new' }] }]);
    expect(wordsOf(await thread.prompt('a'))).toEqual(['new']);

    const accepted = await post(url, 'scenarios: [{ name: newer, steps: [{ final: newer }] }]');
    expect([accepted.status, accepted.text]).toEqual([200, '{"scenarios":["newer"]}']);
    expect(wordsOf(await thread.prompt('b'))).toEqual(['newer']);

    const refused = await post(url, 'scenarios: [{ name: wrong, steps: [{ finale: x }] }]');
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('steps[0]: Unrecognized key');
    expect(() => {
      server.setScenarios('scenarios: []');
    }).toThrow('not well formed');
    expect(wordsOf(await thread.prompt('c'))).toEqual(['newer']);
  });

  it('leaves a turn that is going on with the scenario it has', async () => {
    await using server = await play({ run: 'ls' }, { final: 'old' });
    const thread = rawThread(server.url);
    await thread.prompt('a');
    server.setScenarios([{ name: 'new', steps: [{ final: 'new' }] }]);
    expect(wordsOf(await thread.results('x'))).toEqual(['old']);
    expect(wordsOf(await thread.prompt('b'))).toEqual(['new']);
  });

  it('cannot start on a port that is taken', async () => {
    await using server = await play(done);
    const port = Number(new URL(server.url).port);
    await expect(startModelServer({ scenarios: [{ name: 'x', steps: [done] }], port })).rejects.toThrow(
      'EADDRINUSE',
    );
  });
});
