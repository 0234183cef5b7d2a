import type { SQLOutputValue } from 'node:sqlite';
import type { Fact, LedgerEvent } from '../../domain/fact.ts';
import type { ViewRow } from '../../ports/event-log.ts';

type Row = Readonly<Record<string, SQLOutputValue>>;

/** The event that a row of the table keeps. */
export function eventOf(row: Row): LedgerEvent {
  const fact = JSON.parse(String(row['fact'])) as Fact;
  return { ...fact, at: Number(row['at']), seq: Number(row['seq']) };
}

/** The view that a row of the table keeps. */
export function viewOf(row: Row): ViewRow {
  return {
    kind: String(row['kind']),
    key: String(row['key']),
    run: maybe(row['run']),
    repo: maybe(row['repo']),
    state: maybe(row['state']),
    seq: Number(row['seq']),
    doc: JSON.parse(String(row['doc'])) as unknown,
  };
}

function maybe(value: SQLOutputValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
