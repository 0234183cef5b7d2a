/**
 * A body as text in pieces. It ends early, with a line that says so, when nothing comes for too long or the
 * connection breaks: half a log is better than none.
 */
export async function* textOf(
  body: unknown,
  stop: AbortController,
  silenceMs: number,
): AsyncGenerator<string> {
  if (!(body instanceof ReadableStream)) {
    if (typeof body === 'string') yield body;
    return;
  }
  const reader = (body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let timer: NodeJS.Timeout | undefined;
  try {
    for (;;) {
      timer = setTimeout(() => {
        stop.abort(new Error('it fell silent'));
      }, silenceMs);
      const { done, value } = await reader.read();
      clearTimeout(timer);
      if (done) break;
      yield decoder.decode(value, { stream: true });
    }
    yield decoder.decode();
  } catch (error) {
    yield `\n[the log broke off here: ${error instanceof Error ? error.message : 'no reason given'}]\n`;
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
}
