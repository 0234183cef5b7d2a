import type { CommandEntry } from './command-entry.ts';
import type { LookingCommand } from './looking-commands.ts';

const group = 'To see:';

/** The commands that only look, in the order of the help. */
export const lookingTable: readonly (CommandEntry & { readonly name: LookingCommand })[] = [
  {
    name: 'status',
    summary: 'what is wrong, what needs you, what runs, what it cost',
    group,
    load: async () => (await import('./status.ts')).statusCommand,
  },
  {
    name: 'show',
    summary: 'one visit, repository or commit on one screen',
    group,
    load: async () => (await import('./show.ts')).showCommand,
  },
  {
    name: 'standup',
    summary: 'the morning report',
    group,
    load: async () => (await import('./standup.ts')).standupCommand,
  },
  {
    name: 'logs',
    summary: 'what a run said, and follow it',
    group,
    load: async () => (await import('./logs.ts')).logsCommand,
  },
  {
    name: 'commits',
    summary: 'every commit in the portfolio, newest first',
    group,
    load: async () => (await import('./commits.ts')).commitsCommand,
  },
];
