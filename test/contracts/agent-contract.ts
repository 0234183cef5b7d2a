import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import type { AgentEvent, TurnResult } from '../../src/domain/agent.ts';
import type { Agent, TurnRequest } from '../../src/ports/agents.ts';

/**
 * What the agent is to do in the next turns: `answer` with `{"done":true}` in a thread, spending 100 tokens in and
 * 10 out in each turn; `hang` without a word after it has begun; `fail` by its own account.
 */
export type AgentPart = 'answer' | 'hang' | 'fail';

export interface AgentStage extends AsyncDisposable {
  readonly agent: Agent;
  /** A request that can be run in an empty folder. */
  readonly request: TurnRequest;
}

/** What every agent keeps to, whatever it is made of. */
export function agentContract(name: string, open: (part: AgentPart) => Promise<AgentStage>): void {
  const schema = {
    type: 'object',
    properties: { done: { type: 'boolean' } },
    required: ['done'],
    additionalProperties: false,
  };

  async function play(
    { agent, request }: AgentStage,
    change: Partial<TurnRequest> = {},
    stop: AbortSignal = new AbortController().signal,
  ): Promise<{ result: TurnResult; events: AgentEvent[] }> {
    const events: AgentEvent[] = [];
    const result = await agent.turn({ ...request, ...change }, (event) => events.push(event), stop);
    return { result, events };
  }

  describe(`${name}, as an agent,`, () => {
    it('answers, counts, and tells its thread', async () => {
      await using stage = await open('answer');
      const { result, events } = await play(stage, { schema });
      expect(result.outcome).toEqual({ kind: 'completed' });
      expect(JSON.parse(result.answer ?? '')).toEqual({ done: true });
      expect(result.thread).toMatch(/./);
      expect(result.usage).toMatchObject({ inputTokens: 100, outputTokens: 10 });
      expect(result.events).toBeGreaterThan(0);
      expect(events).toContainEqual({ kind: 'thread', id: result.thread });
      expect(events.filter(({ kind }) => kind === 'completed')).toHaveLength(1);
    });

    it('goes on with a thread, and counts the new turn only', async () => {
      await using stage = await open('answer');
      const first = await play(stage);
      const log = { ...stage.request.log, stem: 'second' };
      const second = await play(stage, { thread: first.result.thread, log });
      expect(second.result.outcome).toEqual({ kind: 'completed' });
      expect(second.result.thread).toBe(first.result.thread);
      expect(second.result.usage).toEqual(first.result.usage);
    });

    it('leaves what it said on disk', async () => {
      await using stage = await open('answer');
      const { result } = await play(stage);
      const { folder, stem } = stage.request.log;
      const text = await readFile(path.join(folder, `${stem}.jsonl`), 'utf8');
      expect(text).toContain(result.thread);
      expect(
        text
          .trim()
          .split('\n')
          .map((line) => typeof JSON.parse(line)),
      ).not.toContain('string');
    });

    it('fails as a value', async () => {
      await using stage = await open('fail');
      const { result } = await play(stage);
      expect(result.outcome).toMatchObject({ kind: 'failed', message: expect.stringMatching(/./) as string });
    });

    it('is interrupted when told to stop', async () => {
      await using stage = await open('hang');
      const stop = new AbortController();
      const { agent, request } = stage;
      const result = await agent.turn(
        request,
        () => {
          stop.abort();
        },
        stop.signal,
      );
      expect(result.outcome.kind).toBe('interrupted');
      expect(result.thread).toMatch(/./);
    });

    it('is not started when it is stopped before', async () => {
      await using stage = await open('answer');
      const { result } = await play(stage, {}, AbortSignal.abort());
      expect(result).toMatchObject({ outcome: { kind: 'interrupted' }, thread: undefined, events: 0 });
    });

    it('ends when its time is up', async () => {
      await using stage = await open('hang');
      const { result } = await play(stage, { limits: { ...stage.request.limits, totalMs: 1000 } });
      expect(result.outcome.kind).toBe('timeout');
    });

    it('stalls when it is silent for too long', async () => {
      await using stage = await open('hang');
      const { result } = await play(stage, { limits: { ...stage.request.limits, modelSilenceMs: 1000 } });
      expect(result.outcome).toMatchObject({ kind: 'stalled', waitingFor: 'model' });
    });

    it('is there, when asked', async () => {
      await using stage = await open('answer');
      const state = await stage.agent.probe();
      expect(state).toMatchObject({ name: stage.agent.name, hint: undefined });
      expect(path.isAbsolute(state.program ?? '')).toBe(true);
    });
  });
}
