import type { ServerResponse } from 'node:http';
import type { Reply } from './reply.ts';

/** Puts a reply on the wire. */
export function writeReply(
  response: ServerResponse,
  reply: Reply,
  headers: Record<string, string> = {},
): void {
  const content = contentOf(reply);
  const type = content === undefined ? {} : { 'content-type': content.type };
  const length = content === undefined ? {} : { 'content-length': String(Buffer.byteLength(content.bytes)) };
  response.writeHead(reply.status, { ...type, ...length, ...headers, ...reply.headers });
  response.end(content?.bytes);
}

/** The bytes of a reply, for those who need them before they are written. */
export function contentOf(reply: Reply): { type: string; bytes: string | Buffer } | undefined {
  if (reply.raw !== undefined) return reply.raw;
  if (reply.body === undefined) return undefined;
  return { type: 'application/json; charset=utf-8', bytes: JSON.stringify(reply.body) };
}
