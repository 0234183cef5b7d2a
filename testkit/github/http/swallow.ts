import type { ServerResponse } from 'node:http';

/** Keeps whatever is written to a response from the wire, until the returned function gives the response back. */
export function swallow(response: ServerResponse): () => void {
  const real = { writeHead: response.writeHead, write: response.write, end: response.end };
  const end = (...args: unknown[]): ServerResponse => {
    const done = args.find((each) => typeof each === 'function');
    if (done !== undefined) queueMicrotask(done as () => void);
    return response;
  };
  Object.assign(response, { writeHead: () => response, write: () => true, end });
  return () => {
    Object.assign(response, real);
  };
}
