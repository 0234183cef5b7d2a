import type { Sha } from '../repo.ts';
import { type FactKinds, maybeText, moment, of, text } from './field.ts';

/** What the search for reasons to work tells. */
export const signalFacts = {
  'remote-asked': {
    says: 'The remote of a repository that had no other signal was asked for its tip.',
    fields: {
      tip: of<Sha | undefined>('sha, optional', 'the tip; without it the remote did not answer'),
      pushedAt: moment('when the forge says that somebody pushed last'),
      hand: text('digest of what the person had done by then'),
      problem: maybeText('why it did not answer'),
    },
  },
} as const satisfies FactKinds;
