import { count, type FactKinds, text } from './field.ts';

/** What is told when a run takes up what a dead one left. */
export const recoveryFacts = {
  'session-resumed': {
    says: 'A session goes on where the run that began it died. From here on it belongs to this run.',
    fields: {
      done: count('tasks that were verified before'),
      left: count('tasks that are still to be worked'),
      logs: text('folder of the session from here on, relative to the run folder'),
    },
  },
  'run-recovered': {
    says: 'What dead runs left was taken up.',
    fields: {
      resumed: count('sessions that went on: landed, or worked to their end'),
      salvaged: count('sessions whose work was kept by name'),
    },
  },
} as const satisfies FactKinds;
