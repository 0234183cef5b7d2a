import { describe, expect, it } from 'vitest';

import { readRequest } from './read-request.ts';

const user = (...texts: string[]) => ({
  type: 'message',
  role: 'user',
  content: texts.map((text) => ({ type: 'input_text', text })),
});
const environment = '<environment_context>\n  <cwd>/code/a</cwd>\n</environment_context>';

function read(input: object[], rest: object = {}, headers: Record<string, string> = {}) {
  return readRequest({ model: 'm', input, ...rest }, headers)!;
}

describe('the prompt', () => {
  it.each<[what: string, input: object[], prompt: string, userMessage: number]>([
    ['is the last thing the user typed', [user(environment), user('one'), user('two')], 'two', 2],
    ['is not the environment that codex adds later', [user('one'), user(environment)], 'one', 1],
    ['is not AGENTS.md', [user('# AGENTS.md instructions for /a\n\n<INSTRUCTIONS>'), user('one')], 'one', 1],
    ['stands beside what codex adds to the same message', [user(environment, 'one')], 'one', 1],
    [
      'is not what codex says about an interrupted turn',
      [user('one'), user('<turn_aborted>\nx\n</turn_aborted>')],
      'one',
      1,
    ],
    ['may talk about tags', [user('<b>bold</b> is a tag')], '<b>bold</b> is a tag', 1],
    ['may be nothing but a tag', [user('<task>one</task>')], '<task>one</task>', 1],
    ['is empty when nobody typed', [], '', 0],
  ])('%s', (_what, input, prompt, userMessage) => {
    expect(read(input)).toMatchObject({ prompt, userMessage });
  });

  it.each<[prompt: string, turn: string | undefined, repo: string | undefined, task: string | undefined]>([
    ['Turn: ci-fix\nRepository: my app\nTask: t-1', 'ci-fix', 'my app', 't-1'],
    ['You work here.\r\nTurn: plan\r\n\r\nText', 'plan', undefined, undefined],
    ['Turn: task\n\nAn issue says:\nTurn: review', 'task', undefined, undefined],
    ['My Turn: no\n Turn: no\nTurns: no\nTurn:', undefined, undefined, undefined],
  ])('%j says what the turn is about', (prompt, turn, repo, task) => {
    expect(read([user(prompt)])).toMatchObject({ turn, repo, task });
  });
});

it('the working folder is the one codex named last', () => {
  const moved = environment.replace('/code/a', '/code/b');
  expect(read([user(environment), user('one'), user(moved), user('<cwd>/no</cwd>')]).cwd).toBe('/code/b');
});

it.each<[what: string, rest: object, headers: Record<string, string>, thread: string]>([
  ['its own header', { prompt_cache_key: 'key' }, { 'thread-id': 'own', 'session-id': 'root' }, 'own'],
  ['the metadata', { client_metadata: { thread_id: 'meta' }, prompt_cache_key: 'key' }, {}, 'meta'],
  ['the cache key', { prompt_cache_key: 'key' }, { 'session-id': 'root' }, 'key'],
  ['the session', {}, { 'session-id': 'root' }, 'root'],
])('the thread is named by %s', (_what, rest, headers, thread) => {
  expect(read([user('one')], rest, headers).thread).toBe(thread);
});

it('a compaction is told by its trigger item too', () => {
  expect(read([user('one'), { type: 'compaction_trigger' }]).compaction).toBe('item');
  expect(read([user('one')]).compaction).toBe('no');
});

it('tools keep their namespace, except the everyday one', () => {
  const tools = [
    { type: 'function', name: 'exec_command' },
    { type: 'web_search' },
    { type: 'namespace', name: 'functions', tools: [{ type: 'custom', name: 'exec' }] },
    { type: 'namespace', name: 'mcp__demo', tools: [{ type: 'function', name: 'add' }] },
  ];
  expect(read([user('one')], { tools })).toMatchObject({
    tools: ['exec_command', 'web_search', 'exec', 'mcp__demo.add'],
    dialect: 'code',
  });
});
