import { type Answer, message } from './answer.ts';
import { type Running, stillRunning, toolCall } from './dialect.ts';
import { unmet } from './expect.ts';
import { errorBody, httpReply } from './failures.ts';
import { fill } from './fill.ts';
import { type Cast, createCasting } from './match.ts';
import { perform } from './perform.ts';
import type { TurnRequest } from './read-request.ts';
import type { ReadyScenario } from './scenario.ts';
import type { Step } from './step.ts';

/** Why a request was answered as it was. */
export interface Performance {
  readonly answer: Answer;
  readonly because: 'step' | 'repeat' | 'waiting' | 'compaction' | 'no-scenario' | 'expectation';
  readonly scenario?: string | undefined;
  /** Which step of the scenario, counted from 0 as in its list. */
  readonly step?: number | undefined;
  readonly call?: number | undefined;
  /** What is wrong with the scenarios or with the request, in a sentence. */
  readonly problem?: string | undefined;
}

/** Plays scenarios: remembers for each conversation turn where it stands. */
export interface Script {
  answer(request: TurnRequest): Performance;
  /** Other scenarios from here on. Turns that are going on keep the one they have. */
  recast(scenarios: readonly ReadyScenario[]): void;
}

/** A script over these scenarios in which nothing has happened yet. */
export function createScript(scenarios: readonly ReadyScenario[], now: () => number): Script {
  let casting = createCasting(scenarios);
  const conversations = new Map<string, Conversation>();

  function join(request: TurnRequest): Conversation {
    const known = conversations.get(request.conversation);
    if (known) return known;
    const choice = casting.choose(request);
    const fresh: Conversation = {
      choice: choice.scenario ? choice : { problem: nobody(request, choice.reasons) },
      step: 0,
      attempts: 0,
      asked: [],
      running: [],
      last: undefined,
    };
    conversations.set(request.conversation, fresh);
    return fresh;
  }

  return {
    answer(request) {
      if (request.compaction !== 'no') {
        const interrupted = conversations.get(request.conversation);
        // The compacted history lacks the results, so this is the last chance to see them.
        if (interrupted) hear(interrupted, request);
        return { because: 'compaction', answer: summary(request.compaction) };
      }
      const conversation = join(request);
      if ('problem' in conversation.choice) {
        return refuse('no-scenario', conversation.choice.problem, {});
      }
      return play(conversation, conversation.choice, request, now());
    },
    recast(others) {
      casting = createCasting(others);
    },
  };
}

interface Conversation {
  readonly choice: Cast | { readonly problem: string };
  step: number;
  attempts: number;
  /** Calls whose results have not been seen. */
  asked: readonly string[];
  /** What must end before the next step. */
  running: readonly Running[];
  last: Performance | undefined;
}

function play(conversation: Conversation, cast: Cast, request: TurnRequest, now: number): Performance {
  hear(conversation, request);
  const { scenario, call } = cast;
  const where = { scenario: scenario.name, call };

  // A request without our results is the last one again: codex never got our answer, or lost it.
  if (conversation.asked.length > 0 && conversation.last) return { ...conversation.last, because: 'repeat' };
  if (conversation.running.length > 0) {
    const polls = conversation.running.map((running) =>
      toolCall(request.dialect, { do: 'wait-for', running }),
    );
    conversation.asked = polls.map(({ call_id }) => call_id);
    const performance: Performance = {
      ...where,
      step: conversation.last?.step,
      because: 'waiting',
      answer: stream(polls, { endTurn: false }),
    };
    conversation.last = performance;
    return performance;
  }

  let delayMs = 0;
  for (;;) {
    const at = conversation.step;
    const step = fill(scenario.steps[at]!, wordsOf(request, call));
    const complaint = unmet(step, request);
    if (complaint !== undefined) {
      return refuse('expectation', `scenario "${scenario.name}", steps[${at}]: ${complaint}`, {
        ...where,
        step: at,
      });
    }
    advance(conversation, scenario.steps);
    delayMs += step.delay ?? 0;
    if (step.silent) continue;

    const { answer, calls } = perform(step, request, now);
    if (typeof answer === 'string') {
      conversation.step = at;
      return refuse('expectation', `scenario "${scenario.name}", steps[${at}]: ${answer}`, {
        ...where,
        step: at,
      });
    }
    conversation.asked = step.background ? [] : calls;
    const performance: Performance = { ...where, step: at, because: 'step', answer: { ...answer, delayMs } };
    conversation.last = performance;
    return performance;
  }
}

function hear(conversation: Conversation, { results }: TurnRequest): void {
  const heard = conversation.asked.flatMap((id) => results.get(id) ?? []);
  if (conversation.asked.length === 0 || heard.length < conversation.asked.length) return;
  conversation.asked = [];
  conversation.running = heard.flatMap((result) => stillRunning(result) ?? []);
}

/** Moves on unless the step is the last one, or an accident that has not happened often enough. */
function advance(conversation: Conversation, steps: readonly Step[]): void {
  const step = steps[conversation.step]!;
  const isAccident = Boolean(step.fail ?? step['usage-limit'] ?? step.hang ?? step.cut);
  conversation.attempts += 1;
  if (isAccident && conversation.attempts < (step.times ?? Infinity)) return;
  if (conversation.step + 1 >= steps.length) return;
  conversation.step += 1;
  conversation.attempts = 0;
}

function wordsOf(request: TurnRequest, call: number): ReadonlyMap<string, string> {
  const { repo, task, turn, cwd, thread } = request;
  const known = { repo, task, turn, cwd, thread, call: String(call) };
  return new Map(
    Object.entries(known).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

function stream(items: readonly object[], { endTurn }: { readonly endTurn: boolean }): Answer {
  // Side requests cost nothing, so that a scenario's tokens do not depend on how long a command takes.
  const usage = { in: 0, cached: 0, out: 0, reasoning: 0 };
  return { kind: 'stream', items, endTurn, usage, headers: {}, cut: 'no', delayMs: 0 };
}

function summary(wanted: 'summary' | 'item'): Answer {
  const text = 'Summary by the scripted model.';
  const item = wanted === 'item' ? { type: 'compaction', encrypted_content: text } : message(text);
  return stream([item], { endTurn: true });
}

function refuse(
  because: 'no-scenario' | 'expectation',
  problem: string,
  where: Pick<Performance, 'scenario' | 'step' | 'call'>,
): Performance {
  const reply = httpReply(
    400,
    errorBody(`testkit: ${problem}`, { type: 'invalid_request_error', code: 'testkit' }),
  );
  return { ...where, because, problem, answer: { kind: 'http', reply, delayMs: 0 } };
}

function nobody({ turn, repo, task, prompt }: TurnRequest, reasons: readonly string[]): string {
  const asked = [`turn ${turn ?? '?'}`, `repository ${repo ?? '?'}`, `task ${task ?? '?'}`].join(', ');
  const start = JSON.stringify(prompt.slice(0, 80));
  return `no scenario for this turn (${asked}, prompt ${start}); ${reasons.join('; ')}`;
}
