import { describe, expect, it } from 'vitest';
import { readSummaries } from './read-summaries.ts';

const line = { id: 'e1', line: 'Hono stays' };

describe('the answer of a summary turn', () => {
  it.each<[what: string, answer: string | undefined, read: unknown]>([
    ['is its lines', JSON.stringify({ summaries: [line] }), { ok: true, value: [line] }],
    [
      'may stand in a fence',
      `\`\`\`json\n${JSON.stringify({ summaries: [line] })}\n\`\`\``,
      { ok: true, value: [line] },
    ],
    ['may be empty', '{"summaries":[]}', { ok: true, value: [] }],
    [
      'loses what makes no sense, and only that',
      JSON.stringify({
        summaries: [
          1,
          null,
          { id: 'e2' },
          { id: 3, line: 'x' },
          { ...line, trust: 'trusted' },
          { id: 'e4', line: 'x'.repeat(3000) },
        ],
      }),
      { ok: true, value: [line] },
    ],
    [
      'is unreadable when it is prose',
      'I summarised them.',
      { ok: false, failure: 'the answer is not JSON' },
    ],
    ['is unreadable when it is missing', undefined, { ok: false, failure: 'there was no answer' }],
    ['is unreadable when it is another thing', '{"outcome":"no_work"}', { ok: false }],
  ])('%s', (_what, answer, read) => {
    expect(readSummaries(answer)).toMatchObject(read as object);
  });

  it('is bounded, however much is said', () => {
    const summaries = Array.from({ length: 5000 }, () => line);
    expect(readSummaries(JSON.stringify({ summaries }))).toMatchObject({ ok: true, value: { length: 200 } });
  });
});
