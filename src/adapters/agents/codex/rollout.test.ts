import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { findRollout, noRollout, type Rollout, readRollout, rolloutFacts } from './rollout.ts';

const event = (payload: object): string =>
  JSON.stringify({ timestamp: '2026-11-21T01:35:23.135Z', ordinal: 9, type: 'event_msg', payload });
const ended = (info: unknown): string =>
  event({
    type: 'task_complete',
    turn_id: 'x',
    last_agent_message: null,
    error: { message: 'm', codex_error_info: info },
  });
const tokens = (input: number | undefined, windows: object = {}): string =>
  event({
    type: 'token_count',
    info: input === undefined ? null : { total_token_usage: { input_tokens: input, output_tokens: 7 } },
    rate_limits: { limit_id: 'codex', primary: null, secondary: null, ...windows },
  });
const full = (resetsAt: number, percent = 100): object => ({
  used_percent: percent,
  window_minutes: 300,
  resets_at: resetsAt,
});
const record = (turn: number, thread: number): string =>
  JSON.stringify({
    timestamp: '2026-11-21T01:35:23.135Z',
    type: 'token_usage_record',
    payload: {
      usage: { input_tokens: 1 },
      turn_token_usage: counted(turn),
      thread_token_usage: counted(thread),
    },
  });
const counted = (input: number): object => ({
  input_tokens: input,
  output_tokens: 7,
  total_tokens: input + 7,
});
const used = (input: number) => ({
  inputTokens: input,
  cachedInputTokens: 0,
  outputTokens: 7,
  reasoningTokens: 0,
});

describe('a rollout', () => {
  it.each<[what: string, lines: string[], facts: Partial<Rollout>]>([
    ['nothing', [], {}],
    ['nothing, in broken lines', ['', '{"type":"token_count"', 'x'.repeat(50)], {}],
    [
      'a cause by name',
      [ended('usage_limit_exceeded')],
      { cause: { name: 'usage_limit_exceeded', status: undefined } },
    ],
    [
      'a cause with a status',
      [ended({ http_connection_failed: { http_status_code: 401 } })],
      { cause: { name: 'http_connection_failed', status: 401 } },
    ],
    [
      'a cause without a status',
      [ended({ http_connection_failed: { http_status_code: null } })],
      { cause: { name: 'http_connection_failed', status: undefined } },
    ],
    ['no cause, when all went well', [event({ type: 'task_complete', last_agent_message: 'ok' })], {}],
    ['no cause of an earlier turn', [ended('other'), event({ type: 'task_started' })], {}],
    [
      'no cause of a turn we stopped',
      [ended('other'), event({ type: 'turn_aborted', reason: 'interrupted' })],
      {},
    ],
    ['no cause of a form unknown', [ended({}), ended(7), ended(null)], {}],
    ['the last count of tokens', [tokens(100), tokens(250), tokens(undefined)], { threadUsage: used(250) }],
    [
      'the tokens of the last turn',
      [record(100, 100), record(200, 200), record(50, 250)],
      { turnUsage: used(50) },
    ],
    [
      'when a full window opens again',
      [tokens(undefined, { primary: full(1_795_232_123), secondary: full(1_795_999_999, 40) })],
      { fullUntil: [1_795_232_123_000] },
    ],
    [
      'when both open again',
      [tokens(undefined, { primary: full(1_795_232_123), secondary: full(1_795_999_999) })],
      { fullUntil: [1_795_232_123_000, 1_795_999_999_000] },
    ],
    [
      'the newest windows only',
      [tokens(1, { primary: full(1_795_232_123) }), tokens(2)],
      { threadUsage: used(2) },
    ],
    [
      'nothing that a message says',
      [event({ type: 'agent_message', message: '"type":"task_complete" usage_limit_exceeded' })],
      {},
    ],
  ])('tells %s', (_what, lines, facts) => {
    expect(rolloutFacts(lines)).toEqual({ ...noRollout, ...facts });
  });
});

describe('the file of a thread', () => {
  // Made at 2026-11-21T01:35:21Z.
  const thread = '01a1fbbe-6519-7ed2-ac56-bb6e4ff63914';
  let home = '';
  beforeEach(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'clone-rollout-'));
  });
  afterEach(async () => {
    await rm(home, { recursive: true, force: true });
  });

  async function put(day: string, id: string, text: string): Promise<string> {
    const file = path.join(home, 'sessions', day, `rollout-2026-11-21T10-35-21-${id}.jsonl`);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
    return file;
  }

  it.each(['2026/11/21', '2026/11/20', '2026/11/22', '2025/01/01'])('is found under %s', async (day) => {
    await put('2026/11/21', 'another-thread', '');
    const file = await put(day, thread, '');
    expect(await findRollout(home, thread)).toBe(file);
  });

  it.each([thread, 'no-uuid', ''])('is not found when there is none: "%s"', async (id) => {
    expect(await findRollout(home, id)).toBeUndefined();
    await put('2026/11/21', 'another-thread', '');
    expect(await findRollout(home, `${id}x`)).toBeUndefined();
  });

  it('is read from where the last turn ended', async () => {
    const before = `${tokens(100)}\n${ended('other')}\n`;
    const file = await put('2026/11/21', thread, `${before}${tokens(300)}\n`);
    const size = Buffer.byteLength(before);
    expect(await readRollout(file, 0)).toMatchObject({ cause: { name: 'other' }, threadUsage: used(300) });
    expect(await readRollout(file, size)).toMatchObject({ cause: undefined, threadUsage: used(300) });
  });

  it('is read at its end only when it is long', async () => {
    const long = event({ type: 'message', text: 'x'.repeat(6_000_000) });
    const file = await put('2026/11/21', thread, `${tokens(1)}\n${long}\n${tokens(42)}\n`);
    expect(await readRollout(file, 0)).toMatchObject({ threadUsage: used(42) });
  });

  it('tells nothing when it cannot be read', async () => {
    expect(await readRollout(path.join(home, 'gone.jsonl'), 0)).toEqual({ ...noRollout, size: 0 });
  });
});
