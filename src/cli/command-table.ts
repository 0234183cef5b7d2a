import type { CommandEntry } from './command-entry.ts';
import { lookingTable } from './looking-table.ts';

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
    name: 'ideas',
    summary: 'projects without a repository yet; add, list, process, retry',
    group: work,
    load: async () => (await import('./ideas.ts')).ideasCommand,
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
  ...lookingTable,
  {
    name: 'prompt',
    summary: 'what the agent would be told, part by part, with its cost',
    group: see,
    load: async () => (await import('./prompt.ts')).promptCommand,
  },
  {
    name: 'memory',
    summary: 'what a repository remembers; show, lint, compact',
    group: see,
    load: async () => (await import('./memory.ts')).memoryCommand,
  },
  {
    name: 'incidents',
    summary: 'what went wrong in the portfolio, and the rule that came of it',
    group: see,
    load: async () => (await import('./incidents.ts')).incidentsCommand,
  },
];
