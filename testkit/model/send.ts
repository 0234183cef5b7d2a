import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Answer } from './answer.ts';

/** Gives the answer on the wire. Ends early, quietly, when the client leaves or `stop` aborts. */
export async function send(response: ServerResponse, answer: Answer, stop: AbortSignal): Promise<void> {
  const left = new AbortController();
  response.once('close', () => {
    left.abort();
  });
  const over = AbortSignal.any([stop, left.signal]);
  if (answer.delayMs > 0) await sleep(answer.delayMs, undefined, { signal: over }).catch(() => undefined);
  if (over.aborted) return;

  switch (answer.kind) {
    case 'http':
      response.writeHead(answer.reply.status, answer.reply.headers).end(answer.reply.body);
      return;
    case 'cut':
      response.destroy();
      return;
    case 'hang':
      if (answer.at === 'stream') {
        startStream(response, {});
        await write(response, created);
      }
      return;
    case 'last-event':
      startStream(response, {});
      await write(response, created);
      response.end(eventText(answer.event));
      return;
    case 'stream':
      await sendStream(response, answer);
  }
}

type StreamAnswer = Extract<Answer, { kind: 'stream' }>;

const responseId = 'resp_scripted';
const created = { type: 'response.created', response: { id: responseId } };

async function sendStream(response: ServerResponse, answer: StreamAnswer): Promise<void> {
  startStream(response, answer.headers);
  await write(response, created);
  for (const [index, item] of answer.items.entries()) {
    const text = textOf(item);
    if (text !== undefined) {
      const breaksHere = answer.cut === 'mid-text';
      await write(response, {
        type: 'response.output_item.added',
        output_index: index,
        item: { ...item, content: [] },
      });
      const delta = breaksHere ? text.slice(0, Math.ceil(text.length / 2)) : text;
      await write(response, { type: 'response.output_text.delta', output_index: index, delta });
      if (breaksHere) break;
    }
    await write(response, { type: 'response.output_item.done', output_index: index, item });
  }
  if (answer.cut !== 'no') response.destroy();
  else response.end(eventText(completed(answer)));
}

function startStream(response: ServerResponse, headers: Readonly<Record<string, string>>): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache', ...headers });
}

function write(response: ServerResponse, event: object): Promise<void> {
  return new Promise((written) => {
    response.write(eventText(event), () => {
      written();
    });
  });
}

function eventText(event: object): string {
  return `data: ${JSON.stringify(event)}\n\n`;
}

function textOf(item: object): string | undefined {
  if (!('content' in item) || !Array.isArray(item.content)) return undefined;
  return (item.content as { text: string }[])[0]?.text;
}

function completed({ usage, endTurn }: StreamAnswer): object {
  return {
    type: 'response.completed',
    response: {
      id: responseId,
      usage: {
        input_tokens: usage.in,
        input_tokens_details: { cached_tokens: usage.cached },
        output_tokens: usage.out,
        output_tokens_details: { reasoning_tokens: usage.reasoning },
        total_tokens: usage.in + usage.out,
      },
      end_turn: endTurn,
    },
  };
}
