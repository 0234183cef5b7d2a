import { z } from 'zod';
import { ok, type Result } from '../../domain/result.ts';
import { readJson, strict } from '../read-answer.ts';

/** What an agent answered for one entry. */
export interface AnsweredLine {
  readonly id: string;
  readonly line: string;
}

/** More than a turn is asked for, so that a doubled line is seen. */
const mostLines = 200;
const answerForm = z.object({ summaries: z.array(z.unknown()) });
const lineForm = z.object({ id: z.string().max(20), line: z.string().max(2000) });

/** Reads the answer of a summary turn; a line that makes no sense costs nothing but itself. */
export function readSummaries(answer: string | undefined): Result<readonly AnsweredLine[], string> {
  const parsed = readJson(answer, answerForm);
  if (!parsed.ok) return parsed;
  const lines = parsed.value.summaries.slice(0, mostLines).map((item) => lineForm.safeParse(item));
  return ok(lines.flatMap((read) => (read.success ? [read.data] : [])));
}

const text = { type: 'string' } as const;

/** The schema of a summary turn: one line for each entry. */
export const summariesSchema = strict({
  summaries: { type: 'array', items: strict({ id: text, line: text }) },
});
