import { type Answer, message, reasoning } from './answer.ts';
import { type CallItem, type Dialect, patchToWrite, toolCall, type Wish } from './dialect.ts';
import { usageLimitReply } from './failures.ts';
import type { Step } from './step.ts';

/** Turns a step into an answer in the dialect of the request, or says why that cannot be done. */
export function perform(
  step: Step,
  { dialect }: { readonly dialect: Dialect },
  now: number,
): { readonly answer: Answer | string; readonly calls: readonly string[] } {
  const none = { calls: [] };
  if (step.fail) {
    const { fail } = step;
    if ('event' in fail) return { ...none, answer: { kind: 'last-event', event: fail.event, delayMs: 0 } };
    return { ...none, answer: { kind: 'http', reply: fail.reply, delayMs: 0 } };
  }
  if (step['usage-limit']) {
    const reply = usageLimitReply(step['usage-limit'], now);
    return { ...none, answer: { kind: 'http', reply, delayMs: 0 } };
  }
  if (step.hang) return { ...none, answer: { kind: 'hang', at: step.hang, delayMs: 0 } };
  if (step.cut === 'start') return { ...none, answer: { kind: 'cut', delayMs: 0 } };

  // A stream that breaks in the middle of a text has not come to its calls.
  const wishes = step.cut === 'mid-text' ? [] : wishesOf(step);
  if (dialect === 'none' && wishes.some((wish) => wish.do !== 'call')) {
    return { ...none, answer: 'the request offers no tool to run a command or to change a file' };
  }
  const calls: CallItem[] = wishes.map((wish) => toolCall(dialect, wish));
  const last = lastWords(step);
  const items = [
    ...(step.think === undefined ? [] : [reasoning(step.think)]),
    ...(step.say === undefined ? [] : [message(step.say)]),
    ...calls,
    ...(last === undefined ? [] : [message(last)]),
  ];
  const isMute = step.cut === 'mid-text' && step.say === undefined && last === undefined;
  return {
    calls: calls.map(({ call_id }) => call_id),
    answer: {
      kind: 'stream',
      items: isMute ? [...items, message('I was going to say')] : items,
      endTurn: last !== undefined,
      usage: step.usage ?? { in: 100, cached: 0, out: 10, reasoning: 0 },
      headers: step.headers ?? {},
      cut: step.cut ?? 'no',
      delayMs: 0,
    },
  };
}

function wishesOf(step: Step): Wish[] {
  const run = (command: string): Wish => ({ do: 'run', command, background: step.background });
  const flood = step.huge?.via === 'command' ? [run(floodCommand(step.huge.bytes))] : [];
  return [
    ...(step.write ? [{ do: 'patch', patch: patchToWrite(step.write) } satisfies Wish] : []),
    ...(step.patch === undefined ? [] : [{ do: 'patch', patch: step.patch } satisfies Wish]),
    ...(step.run ?? []).map(run),
    ...flood,
    ...(step.call ? [{ do: 'call', ...step.call } satisfies Wish] : []),
  ];
}

function lastWords(step: Step): string | undefined {
  if (step.json !== undefined) return JSON.stringify(step.json);
  if (step.huge?.via === 'message') return 'x'.repeat(step.huge.bytes);
  return step.final;
}

function floodCommand(bytes: number): string {
  return `yes 'one more line of a huge output' | head -c ${bytes}`;
}
