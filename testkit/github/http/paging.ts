import { found, type Reply } from './reply.ts';
import type { Call } from './route.ts';

/** One page of a plain array, with the Link header. */
export function pageOf<Row>(call: Call, rows: readonly Row[], show: (row: Row) => unknown): Reply {
  const page = cut(call, rows);
  return found(page.rows.map(show), page.headers);
}

/** One page of rows under a key, with the total count, as Actions and Checks answer. */
export function pageUnder<Row>(
  call: Call,
  key: string,
  rows: readonly Row[],
  show: (row: Row) => unknown,
): Reply {
  const page = cut(call, rows);
  return found({ total_count: rows.length, [key]: page.rows.map(show) }, page.headers);
}

/** As pageUnder, for rows that need git to be shown. */
export async function pageOfAsync<Row>(
  call: Call,
  rows: readonly Row[],
  show: (row: Row) => Promise<unknown>,
): Promise<Reply> {
  const page = cut(call, rows);
  return found(await Promise.all(page.rows.map(show)), page.headers);
}

/** Rows of the asked page and the headers that lead to the others. */
export function cut<Row>(call: Call, rows: readonly Row[]): { rows: Row[]; headers: Record<string, string> } {
  const size = Math.min(100, Math.max(1, wholeNumber(call.query.get('per_page'), 30)));
  const page = Math.max(1, wholeNumber(call.query.get('page'), 1));
  const last = Math.max(1, Math.ceil(rows.length / size));
  const links: string[] = [];
  const link = (rel: string, to: number): void => {
    const query = new URLSearchParams(call.query);
    query.set('page', String(to));
    links.push(`<${call.world.site.api}${call.path}?${query.toString()}>; rel="${rel}"`);
  };
  if (page > 1) link('prev', page - 1);
  if (page < last) link('next', page + 1);
  if (page < last) link('last', last);
  if (page > 1) link('first', 1);
  return {
    rows: rows.slice((page - 1) * size, page * size),
    headers: links.length > 0 ? { link: links.join(', ') } : {},
  };
}

function wholeNumber(text: string | null, otherwise: number): number {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : otherwise;
}
