import type { LedgerEvent } from '../domain/fact.ts';
import { snakeJson, snakeName } from './snake.ts';

/** One event as `events.jsonl` and `--json` have it: when, which, where, then its own fields. */
export function eventJson(event: LedgerEvent): Readonly<Record<string, unknown>> {
  const { at, seq, type, run, cycle, repo, session, turn, task, ...fields } = event;
  const where = { run: run ?? null, cycle, repo, session, turn, task };
  return {
    at: new Date(at).toISOString(),
    seq,
    type,
    ...Object.fromEntries(Object.entries(where).filter(([, value]) => value !== undefined)),
    ...Object.fromEntries(
      Object.entries(fields as Record<string, unknown>)
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => [snakeName(name), snakeJson(value, name)]),
    ),
  };
}
