import type { OperatorTaskState } from '../operator-task.ts';
import type { Sha } from '../repo.ts';
import { count, type FactKinds, flag, of, text } from './field.ts';

/** What it rests on that an operator task is done: the landed commit, the checks that we ran on it, its files. */
export interface OperatorTaskEvidence {
  readonly commit: Sha;
  readonly checks: readonly { readonly check: string; readonly exitCode: number | undefined }[];
  readonly files: number;
}

/** What becomes of the work that people ask for. */
export const operatorTaskFacts = {
  'operator-task-added': {
    says: 'A person asked for a piece of work on a repository.',
    fields: {
      id: text('id of the operator task'),
      title: text('the work, in one line'),
      details: text('more about it'),
      priority: count('1 is most urgent, 5 least'),
      now: flag('true: before anything else, at the next safe point'),
      paths: of<readonly string[]>('[path]', 'where it will be, as far as the person knows'),
    },
  },
  'operator-task-moved': {
    says: 'An operator task was claimed by a session, given back, or came to an end.',
    fields: {
      id: text('id of the operator task'),
      to: of<OperatorTaskState>('state', 'where it stands now'),
      why: text('in words'),
      evidence: of<OperatorTaskEvidence | undefined>(
        '{commit, checks, files}, optional',
        'what `done` rests on',
      ),
    },
  },
} as const satisfies FactKinds;
