import { createHash } from 'node:crypto';

/** The entity tag of an answer. It is bound to the token: the same body has another tag for another caller. */
export function entityTag(body: string | Buffer, token: string | null): string {
  const hash = createHash('sha256')
    .update(token ?? 'anonymous')
    .update('\0')
    .update(body);
  return `W/"${hash.digest('hex')}"`;
}

/** Whether an If-None-Match header names this tag. */
export function tagMatches(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  const bare = (text: string): string => text.trim().replace(/^W\//, '');
  return header.trim() === '*' || header.split(',').some((each) => bare(each) === bare(tag));
}
