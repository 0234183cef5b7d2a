import type { Command } from 'commander';

import type { FrontContext } from './front-context.ts';

export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly group: string;
  /** Loads the module of this command only. */
  readonly load: () => Promise<(context: FrontContext) => Command>;
}

const start = 'To begin:';
const work = 'To work:';
const see = 'To see:';

/** Every command, in the order of the help. */
export const commandTable: readonly CommandEntry[] = [
  {
    name: 'init',
    summary: 'make a home: clone.yaml, repos.yaml, ideas.yaml',
    group: start,
    load: async () => (await import('./init.ts')).initCommand,
  },
  {
    name: 'discover',
    summary: 'find your repositories and put them into the portfolio',
    group: start,
    load: async () => (await import('./discover.ts')).discoverCommand,
  },
  {
    name: 'repos',
    summary: 'list, pin, ignore, add and remove repositories',
    group: start,
    load: async () => (await import('./repos.ts')).reposCommand,
  },
  {
    name: 'config',
    summary: 'show every option and where its value comes from',
    group: start,
    load: async () => (await import('./config.ts')).configCommand,
  },
  {
    name: 'demo',
    summary: 'watch the whole job once, in a sandbox, with no account',
    group: start,
    load: async () => (await import('./demo.ts')).demoCommand,
  },
  {
    name: 'run',
    summary: 'work through the portfolio: plan, code, verify, land, watch CI, repair',
    group: work,
    load: async () => (await import('./run.ts')).runCommand,
  },
  {
    name: 'tasks',
    summary: 'ask for a piece of work; list, show, cancel, retry',
    group: work,
    load: async () => (await import('./tasks.ts')).tasksCommand,
  },
  {
    name: 'next',
    summary: 'what the next cycle would visit, in order, and why',
    group: work,
    load: async () => (await import('./next.ts')).nextCommand,
  },
  {
    name: 'review',
    summary: 'what waits for you: look, accept, reject',
    group: work,
    load: async () => (await import('./review.ts')).reviewCommand,
  },
  {
    name: 'status',
    summary: 'what is wrong, what needs you, what runs, what it cost',
    group: see,
    load: async () => (await import('./status.ts')).statusCommand,
  },
  {
    name: 'show',
    summary: 'one visit, repository or commit on one screen',
    group: see,
    load: async () => (await import('./show.ts')).showCommand,
  },
  {
    name: 'standup',
    summary: 'the morning report',
    group: see,
    load: async () => (await import('./standup.ts')).standupCommand,
  },
  {
    name: 'logs',
    summary: 'what a run said, and follow it',
    group: see,
    load: async () => (await import('./logs.ts')).logsCommand,
  },
  {
    name: 'commits',
    summary: 'every commit in the portfolio, newest first',
    group: see,
    load: async () => (await import('./commits.ts')).commitsCommand,
  },
];
