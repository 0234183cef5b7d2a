import type { Sha } from '../repo.ts';
import type { ReviewFinding, ReviewOutcome } from '../review.ts';
import { type FactKinds, flag, of, text } from './field.ts';

/** What reviewers tell. */
export const reviewFacts = {
  reviewed: {
    says: 'An agent looked at what is to land, before it lands.',
    fields: {
      agent: text('agent that looked'),
      sha: of<Sha>('sha', 'what it looked at'),
      outcome: of<ReviewOutcome>(
        "'passed' | 'blocking' | 'unreadable' | 'failed'",
        'only what passed lands by itself',
      ),
      why: text('why there is no review, where there is none; else empty'),
      findings: of<readonly ReviewFinding[]>(
        '[{severity, file, line, message, why, suggestion}]',
        'P0 first; at most 30',
      ),
      edited: flag('true: it changed files, and that was taken back'),
    },
  },
} as const satisfies FactKinds;
