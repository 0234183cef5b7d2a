/** Where this stand-in answers: the root (git, pages) and the root of its REST API. */
export interface Site {
  readonly url: string;
  readonly api: string;
}

/** A global node id: opaque to callers, readable for us. */
export function nodeId(kind: string, id: number | string): string {
  return Buffer.from(`0${String(kind.length)}:${kind}${String(id)}`).toString('base64');
}
