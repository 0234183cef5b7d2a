import type { Commit, Finding } from '../change.ts';
import type { Evidence } from '../evidence.ts';
import type { Sha } from '../repo.ts';
import { count, type FactKinds, flag, of, text } from './field.ts';

/** What checks, gates and landings tell. */
export const landingFacts = {
  'check-ran': {
    says: 'One of the repository’s own checks ran, by us.',
    fields: { evidence: of<Evidence>('{check, command, exitCode, seconds, label, tree}', 'what we saw') },
  },
  'over-claimed': {
    says: 'A claim of the agent that our own run contradicts.',
    fields: { claim: text('what it said'), saw: text('what we saw') },
  },
  'gate-judged': {
    says: 'A gate looked at the tree that is to land.',
    fields: { gate: text('gate'), findings: of<readonly Finding[]>('[finding]', 'empty: allowed') },
  },
  'tip-moved': {
    says: 'Somebody else pushed first; the session’s commits were put on the new tip.',
    fields: {
      from: of<Sha>('sha', 'tip before'),
      to: of<Sha>('sha', 'tip now'),
      attempt: count('which attempt'),
    },
  },
  landed: {
    says: 'The branch was read back and equals our commit.',
    fields: {
      sha: of<Sha>('sha', 'the tip we made'),
      branch: text('branch'),
      mode: of<'push' | 'local' | 'hold'>("'push' | 'local' | 'hold'", 'how'),
      commits: of<readonly Commit[]>(
        '[{sha, subject, task, files, paths}]',
        'oldest first, with the ids that landed',
      ),
    },
  },
  'checkout-updated': {
    says: 'What happened to the user’s own checkout: fast-forwarded, or left alone and why.',
    fields: { moved: flag('true: fast-forwarded'), why: text('in words') },
  },
  salvaged: {
    says: 'Work that did not land was kept under a ref of the mirror.',
    fields: { ref: text('ref'), sha: of<Sha>('sha', 'commit'), why: text('why it did not land') },
  },
} as const satisfies FactKinds;
