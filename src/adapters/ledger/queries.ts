import type { EventQuery, ViewQuery } from '../../ports/event-log.ts';

/** A statement and what its question marks stand for. */
export interface Query {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

type Condition = readonly [sql: string, ...values: (string | number)[]];

/** The statement that answers a question about events. */
export function eventQuery(query: EventQuery): Query {
  const conditions: Condition[] = [];
  if (query.afterSeq !== undefined) conditions.push(['seq > ?', query.afterSeq]);
  if (query.sinceAt !== undefined) conditions.push(['at >= ?', query.sinceAt]);
  if (query.run !== undefined) conditions.push(['run = ?', query.run]);
  if (query.session !== undefined) conditions.push(['session = ?', query.session]);
  if (query.repo !== undefined) conditions.push(['repo = ?', query.repo]);
  if (query.types !== undefined) conditions.push(oneOf('type', query.types));
  const order = query.newestFirst ? 'seq DESC' : 'seq';
  // Left to itself, SQLite would go through the whole table to save the sorting of a day's events.
  const from = query.sinceAt === undefined ? 'event' : 'event INDEXED BY event_at';
  return assemble(`SELECT seq, at, fact FROM ${from}`, conditions, order, query.limit);
}

/** The statement that answers a question about views. */
export function viewQuery(query: ViewQuery): Query {
  const conditions: Condition[] = [['kind = ?', query.kind]];
  if (query.run !== undefined) conditions.push(['run = ?', query.run]);
  if (query.repo !== undefined) conditions.push(['repo = ?', query.repo]);
  if (query.states !== undefined) conditions.push(oneOf('state', query.states));
  const order = query.newestFirst ? 'seq DESC, id DESC' : 'id';
  return assemble('SELECT kind, key, run, repo, state, seq, doc FROM view', conditions, order, query.limit);
}

function oneOf(column: string, values: readonly string[]): Condition {
  if (values.length === 0) return ['0'];
  return [`${column} IN (${values.map(() => '?').join(', ')})`, ...values];
}

function assemble(
  select: string,
  conditions: readonly Condition[],
  order: string,
  limit: number | undefined,
): Query {
  const where = conditions.map(([sql]) => sql).join(' AND ');
  const values = conditions.flatMap(([, ...rest]) => rest);
  const sql = [select, where && `WHERE ${where}`, `ORDER BY ${order}`, limit === undefined ? '' : 'LIMIT ?'];
  return {
    sql: sql.filter((part) => part !== '').join(' '),
    values: limit === undefined ? values : [...values, limit],
  };
}
