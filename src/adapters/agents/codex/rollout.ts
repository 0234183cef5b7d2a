import { type FileHandle, open, readdir } from 'node:fs/promises';
import path from 'node:path';

import type { Usage } from '../../../domain/agent.ts';
import { type Instant, seconds } from '../../../domain/time.ts';
import { isRecord, type JsonRecord, numberAt, parseRecord, recordAt, textAt } from '../records.ts';
import { usageOf } from './decode.ts';

/** What codex writes down of a thread and does not say on its output. */
export interface Rollout {
  /** Why the last turn failed, by type: a name, or a name with an HTTP status. */
  readonly cause: { readonly name: string; readonly status: number | undefined } | undefined;
  /** Of the last turn. */
  readonly turnUsage: Usage | undefined;
  /** Of the whole thread so far. Falls back to nothing when the thread has no more room. */
  readonly threadUsage: Usage | undefined;
  /** The usage windows of the account that are full, and when they open again. */
  readonly fullUntil: readonly Instant[];
}

export const noRollout: Rollout = {
  cause: undefined,
  turnUsage: undefined,
  threadUsage: undefined,
  fullUntil: [],
};

/** The file of a thread below CODEX_HOME; undefined when there is none. */
export async function findRollout(codexHome: string, thread: string): Promise<string | undefined> {
  const sessions = path.join(codexHome, 'sessions');
  const ending = `-${thread}.jsonl`;
  for (const day of likelyDays(thread)) {
    const name = (await namesIn(path.join(sessions, day))).find((file) => file.endsWith(ending));
    if (name !== undefined) return path.join(sessions, day, name);
  }
  const everything = await readdir(sessions, { recursive: true }).catch(() => []);
  const name = everything.find((file) => file.endsWith(ending));
  return name === undefined ? undefined : path.join(sessions, name);
}

/** Reads the end of a rollout file, not before byte `from`. Answers also where the file ends. */
export async function readRollout(file: string, from: number): Promise<Rollout & { readonly size: number }> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, 'r');
    const { size } = await handle.stat();
    const start = Math.max(from, size - tailBytes);
    const buffer = Buffer.alloc(Math.max(0, size - start));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, start);
    return { ...rolloutFacts(buffer.toString('utf8', 0, bytesRead).split('\n')), size };
  } catch {
    // Without it we know less, and go on.
    return { ...noRollout, size: 0 };
  } finally {
    await handle?.close();
  }
}

const tailBytes = 4 * 1024 * 1024;

/** What the lines of a rollout say; lines that cannot be read are passed over. */
export function rolloutFacts(lines: readonly string[]): Rollout {
  let rollout = noRollout;
  for (const line of lines) {
    // The other lines hold whole conversations: not worth parsing.
    if (
      !/"(token_usage_record|token_count|task_complete|task_started|turn_aborted)"/.test(line.slice(0, 300))
    )
      continue;
    const record = parseRecord(line);
    const payload = recordAt(record, 'payload');
    switch (textAt(payload, 'type') ?? textAt(record, 'type')) {
      case 'token_usage_record':
        rollout = { ...rollout, turnUsage: usageOf(recordAt(payload, 'turn_token_usage')) };
        break;
      case 'token_count':
        rollout = { ...rollout, ...tokenCount(payload, rollout) };
        break;
      case 'task_complete':
        rollout = { ...rollout, cause: causeOf(recordAt(payload, 'error')?.['codex_error_info']) };
        break;
      case 'task_started':
      case 'turn_aborted':
        rollout = { ...rollout, cause: undefined };
        break;
      default:
    }
  }
  return rollout;
}

function tokenCount(payload: JsonRecord | undefined, before: Rollout): Partial<Rollout> {
  const total = recordAt(recordAt(payload, 'info'), 'total_token_usage');
  const limits = recordAt(payload, 'rate_limits');
  const windows = [recordAt(limits, 'primary'), recordAt(limits, 'secondary')];
  return {
    threadUsage: total ? usageOf(total) : before.threadUsage,
    fullUntil: windows.flatMap((window) => {
      const resetsAt = numberAt(window, 'resets_at');
      return resetsAt !== undefined && (numberAt(window, 'used_percent') ?? 0) >= 100
        ? [seconds(resetsAt)]
        : [];
    }),
  };
}

function causeOf(info: unknown): Rollout['cause'] {
  if (typeof info === 'string') return { name: info, status: undefined };
  if (!isRecord(info)) return undefined;
  const [name] = Object.keys(info);
  if (name === undefined) return undefined;
  return { name, status: numberAt(recordAt(info, name), 'http_status_code') };
}

/** A thread id tells when it was made; the folder is named by the day there and then, in any time zone. */
function likelyDays(thread: string): string[] {
  const madeAt = Number.parseInt(thread.replaceAll('-', '').slice(0, 12), 16);
  if (!Number.isFinite(madeAt)) return [];
  return [0, -1, 1].flatMap((days) => {
    const day = new Date(madeAt + days * 86_400_000);
    return Number.isNaN(day.getTime()) ? [] : [day.toISOString().slice(0, 10).replaceAll('-', path.sep)];
  });
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
