import { randomBytes } from 'node:crypto';
import type { Reply } from '../http/reply.ts';

/** Content behind links that expire, as GitHub keeps logs in Azure's blob store. */
export interface Blobs {
  /** A path on this server that shows the content for a minute, and nothing when there is none. */
  link(content: () => string | Buffer | null, type: string): string;
  /** The answer to such a link, or undefined when the path is none. */
  answer(pathname: string): Reply | undefined;
  /** How long links live from now on. */
  setLifetime(ms: number): void;
}

export function createBlobs(): Blobs {
  const links = new Map<string, { content: () => string | Buffer | null; type: string; until: number }>();
  let lifetime = 60_000;
  return {
    link(content, type) {
      const id = randomBytes(12).toString('hex');
      const until = Date.now() + lifetime;
      links.set(id, { content, type, until });
      const expires = encodeURIComponent(new Date(until).toISOString());
      return `/_blobs/${id}?sv=2025-11-05&se=${expires}&sr=b&sp=r&sig=${randomBytes(8).toString('hex')}`;
    },
    answer(pathname) {
      const id = /^\/_blobs\/([^/]+)$/.exec(pathname)?.[1];
      if (id === undefined) return undefined;
      const link = links.get(id);
      if (link === undefined || link.until <= Date.now()) {
        return blobProblem(403, 'AuthenticationFailed', 'Signature not valid in the specified time frame.');
      }
      const content = link.content();
      if (content === null) return blobProblem(404, 'BlobNotFound', 'The specified blob does not exist.');
      return { status: 200, raw: { type: link.type, bytes: content } };
    },
    setLifetime(ms) {
      lifetime = ms;
    },
  };
}

function blobProblem(status: number, code: string, message: string): Reply {
  const xml = `\uFEFF<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status, headers: { 'x-ms-error-code': code }, raw: { type: 'application/xml', bytes: xml } };
}
