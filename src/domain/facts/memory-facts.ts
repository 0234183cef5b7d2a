import type { Remembering } from '../remembering.ts';
import type { Sha } from '../repo.ts';
import { count, type FactKinds, maybeText, of, text } from './field.ts';

/** What becomes of what a repository is to remember. */
export const memoryFacts = {
  'memory-proposed': {
    says: 'Something is to be remembered; the repository’s next landing writes it down.',
    fields: {
      items: of<readonly Remembering[]>(
        '[{id, session, task, waits, commit, what}]',
        'entries, incidents, tasks that are done, candidates; the same id again takes the place of the first',
      ),
      again: of<readonly string[] | undefined>(
        '[id], optional',
        'which of them were told before, with less known',
      ),
    },
  },
  remembered: {
    says: 'The commit that writes down what is remembered was made, on top of the work. It counts when it has landed.',
    fields: {
      commit: of<Sha>('sha', 'the commit'),
      items: of<readonly string[]>('[id]', 'what it holds'),
    },
  },
  'memory-file-left-alone': {
    says: 'A file that remembers cannot be written: nothing is changed in it, what belongs there goes on waiting.',
    fields: { file: text('file'), why: text('in words') },
  },
  'memory-summarised': {
    says: 'An agent was asked to put old entries of PROJECT_MEMORY.md into a line each. Day, confidence, trust and commit of a line are ours.',
    fields: {
      asked: count('entries that it was asked for'),
      used: count('lines of it that may stand there'),
      why: maybeText('why the other entries go by their own words'),
    },
  },
  'memory-compacted': {
    says: 'PROJECT_MEMORY.md was shortened by a landing of its own; the whole of it is in the archive.',
    fields: {
      commit: of<Sha>('sha', 'the landed commit'),
      archive: text('where the whole file is kept'),
      before: count('lines before'),
      after: count('lines after'),
    },
  },
} as const satisfies FactKinds;
