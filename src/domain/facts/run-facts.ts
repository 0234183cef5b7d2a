import type { BlockedBy } from '../failure.ts';
import type { Fingerprint } from '../fingerprint.ts';
import type { Instant } from '../time.ts';
import { count, type FactKinds, moment, of, text } from './field.ts';

/** What runs and cycles tell. */
export const runFacts = {
  'run-started': {
    says: 'A run began.',
    fields: {
      pid: count('process id of the run'),
      processStart: text('start time of that process as the operating system counts it'),
      host: text('name of the machine'),
      version: text('version of clone'),
      cycles: count('cycles asked for; 0 = until stopped'),
      parallel: count('sessions at once'),
      agent: text('first agent of the list'),
      folder: text('log folder of the run'),
    },
  },
  'run-ticked': { says: 'The run is alive. A gap between ticks means that the machine slept.', fields: {} },
  'run-ended': {
    says: 'A run ended, and which rule ended it.',
    fields: { stopReason: text('cycles done, hours, stop, interrupted, ...'), exitCode: count('exit code') },
  },
  'config-refused': {
    says: 'A configuration file was edited into something unreadable; the last good one stays in force.',
    fields: { message: text('file, line, column and what is wrong') },
  },
  'cycle-started': {
    says: 'A sweep over the portfolio began.',
    fields: { repos: count('repositories considered') },
  },
  'cycle-ended': { says: 'Every session of the sweep is in an end state, and so is its CI.', fields: {} },
  'repos-skipped': {
    says: 'Repositories that this cycle does not visit, with the reason of each.',
    fields: {
      skipped: of<
        readonly {
          repo: string;
          why: string;
          nextDue?: Instant | undefined;
          blockedBy?: BlockedBy | undefined;
        }[]
      >('[{repo, why, nextDue, blockedBy}]', 'who and why, and what is waited for'),
    },
  },
  'repo-seen': {
    says: 'What a visit found, kept to tell later whether anything is new.',
    fields: {
      path: text('where it is'),
      branch: text('branch that sessions land on'),
      fingerprint: text('digest of everything that could be a reason to work'),
      parts: of<Fingerprint | undefined>('{part: digest}, optional', 'the same, part by part'),
      pushedAt: moment('when the forge says that somebody pushed last'),
    },
  },
  'lease-taken': {
    says: 'The exclusive right to a repository was taken. Each taking has a higher fence.',
    fields: {
      key: text('identity of the repository'),
      holder: text('who holds it'),
      pid: count('process id'),
    },
  },
  warned: {
    says: 'Something a person should know that is nobody’s end.',
    fields: { message: text('in words') },
  },
} as const satisfies FactKinds;
