import type { LedgerEvent } from '../../src/domain/fact.ts';
import type { EventLog, EventQuery, ViewQuery, ViewRow } from '../../src/ports/event-log.ts';

/** An event log that forgets when the process ends. It keeps JSON, as a real one does. */
export function memoryEventLog(): EventLog {
  let events: readonly LedgerEvent[] = [];
  let views: ReadonlyMap<string, ViewRow> = new Map();

  return {
    append(facts, at, folding) {
      return settled(() => {
        const added = facts.map((fact, index) => asJson({ ...fact, at, seq: events.length + index + 1 }));
        const next = new Map(views);
        for (const event of added) {
          for (const { kind, key } of folding.touches(event)) {
            const name = JSON.stringify([kind, key]);
            const before = next.get(name)?.doc;
            const doc = folding.fold({ kind, key }, before, event);
            if (doc === before) continue;
            const { run, repo, state } = folding.columns(kind, doc);
            next.set(name, { kind, key, run, repo, state, seq: event.seq, doc: asJson(doc) });
          }
        }
        events = [...events, ...added];
        views = next;
        return added;
      });
    },
    events: (query) => settled(() => some(events.filter(wantedEvent(query)), query)),
    view: (kind, key) => settled(() => views.get(JSON.stringify([kind, key]))),
    views: (query) =>
      settled(() => {
        const rows = [...views.values()].filter(wantedView(query));
        return some(query.newestFirst ? rows.toSorted((a, b) => a.seq - b.seq) : rows, query);
      }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function settled<Value>(work: () => Value): Promise<Value> {
  return new Promise((resolve) => {
    resolve(work());
  });
}

function asJson<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}

function wantedEvent(query: EventQuery): (event: LedgerEvent) => boolean {
  return (event) =>
    (query.afterSeq === undefined || event.seq > query.afterSeq) &&
    (query.sinceAt === undefined || event.at >= query.sinceAt) &&
    (query.run === undefined || event.run === query.run) &&
    (query.session === undefined || event.session === query.session) &&
    (query.repo === undefined || event.repo === query.repo) &&
    (query.types === undefined || query.types.includes(event.type));
}

function wantedView(query: ViewQuery): (row: ViewRow) => boolean {
  return (row) =>
    row.kind === query.kind &&
    (query.run === undefined || row.run === query.run) &&
    (query.repo === undefined || row.repo === query.repo) &&
    (query.states === undefined || (row.state !== undefined && query.states.includes(row.state)));
}

function some<Item>(
  items: readonly Item[],
  { newestFirst, limit }: { newestFirst?: boolean | undefined; limit?: number | undefined },
): readonly Item[] {
  return (newestFirst ? items.toReversed() : items).slice(0, limit);
}
