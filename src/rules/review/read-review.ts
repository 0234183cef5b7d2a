import { z } from 'zod';
import { compareText } from '../../domain/compare-text.ts';
import { ok, type Result } from '../../domain/result.ts';
import { type ReviewFinding, severities } from '../../domain/review.ts';
import { readJson, strict } from '../read-answer.ts';

const mostFindings = 30;
const mostChars = 1000;

const cut = z.string().transform((text) => {
  const all = text.trim();
  return all.length <= mostChars ? all : `${all.slice(0, mostChars - 1)}…`;
});
/** A finding without a weight or without words is none that anybody could judge, so the whole answer is asked for again. */
const answer = z.object({
  findings: z.array(
    z.object({
      severity: z.enum(severities),
      file: z
        .string()
        .transform((file) => file.replace(/\s+/g, ' ').trim().slice(0, 300))
        .catch(''),
      line: z.number().int().catch(0),
      what: cut.refine((text) => text !== '', 'says nothing'),
      why: cut.catch(''),
      suggestion: cut.catch(''),
    }),
  ),
});

/** Reads the answer of a review turn: the worst first, and of many the worst only. No finding is an answer, no list is none. */
export function readReview(text: string | undefined): Result<readonly ReviewFinding[], string> {
  const read = readJson(text, answer);
  if (!read.ok) return read;
  const findings = read.value.findings.map(
    ({ severity, file, line, what, why, suggestion }): ReviewFinding => ({
      severity,
      file: file === '' ? undefined : file,
      line: file !== '' && line > 0 ? line : undefined,
      message: what,
      why,
      suggestion,
    }),
  );
  return ok(findings.toSorted((a, b) => compareText(a.severity, b.severity)).slice(0, mostFindings));
}

const words = { type: 'string' } as const;

/** The schema a review turn is asked to answer with. */
export const reviewSchema = strict({
  findings: {
    type: 'array',
    description: 'Empty when nothing is wrong.',
    items: strict({
      severity: { type: 'string', enum: [...severities] },
      file: {
        ...words,
        description: 'Path from the top of the repository; empty for the change as a whole.',
      },
      line: { type: 'integer', description: 'In the file as it is now; 0 where no line fits.' },
      what: { ...words, description: 'What is wrong, in a sentence.' },
      why: { ...words, description: 'What happens because of it, to whom, and how you know.' },
      suggestion: { ...words, description: 'The smallest change that mends it.' },
    }),
  },
});
