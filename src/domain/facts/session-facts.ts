import type { AgentOutcome, TurnKind, Usage } from '../agent.ts';
import type { Commit } from '../change.ts';
import type { BlockedBy } from '../failure.ts';
import type { Sha } from '../repo.ts';
import type { SessionState } from '../session-state.ts';
import type { Claim, Task, TaskState } from '../task.ts';
import { count, type FactKinds, maybeText, moment, of, text } from './field.ts';

/** What sessions, their turns and their tasks tell. */
export const sessionFacts = {
  'session-queued': {
    says: 'A repository was chosen for a visit.',
    fields: {
      agent: text('agent that will work'),
      land: of<'push' | 'pr' | 'hold'>("'push' | 'pr' | 'hold'", 'how it lands'),
      why: text('the signal that called for the visit'),
      path: text('the path of the portfolio entry'),
      logs: text('folder of the session, relative to the run folder'),
    },
  },
  'session-moved': {
    says: 'A session changed state, with the facts that its guard looked at.',
    fields: {
      to: of<SessionState>('state', 'the new state'),
      why: maybeText('in words, where there is something to say'),
      blockedBy: of<BlockedBy | undefined>('what a blocked session waits for, optional', 'type of the block'),
      facts: of<Readonly<Record<string, unknown>>>('object', 'shas, exit codes, fence: what the guard saw'),
    },
  },
  'workspace-opened': {
    says: 'An isolated clone was made for the session.',
    fields: {
      folder: text('where'),
      branch: text('its branch'),
      base: of<Sha>('sha', 'the remote tip it starts from'),
      target: text('branch it lands on'),
    },
  },
  'plan-made': {
    says: 'The plan as it will be worked: already capped by us.',
    fields: {
      tasks: of<readonly Task[]>('[task]', 'in order'),
      dropped: count('tasks over the cap'),
      noWork: maybeText('the reason, when there is nothing to do'),
    },
  },
  'task-joined': {
    says: 'A task was put in front of what a session had still to do.',
    fields: { joined: of<Task>('task', 'the task') },
  },
  'task-started': { says: 'Work on a task began.', fields: {} },
  'task-committed': {
    says: 'What the agent left became one commit of the session.',
    fields: { commit: of<Commit>('{sha, subject, task, files, paths}', 'the commit') },
  },
  'task-ended': {
    says: 'A task is over.',
    fields: {
      state: of<TaskState>('task state', 'how it ended'),
      why: text('in words'),
      claims: of<readonly Claim[]>('[{text, how}]', 'what the agent said of it'),
    },
  },
  'turn-started': {
    says: 'An agent process was started.',
    fields: {
      kind: of<TurnKind>("'plan' | 'task' | ...", 'kind of turn'),
      agent: text('agent'),
      model: text('model asked for; empty: the agent’s own default'),
      thread: maybeText('thread that is resumed'),
      log: text('its raw stream, relative to the run folder'),
    },
  },
  'turn-progressed': {
    says: 'An agent is at work; at most one of these every few seconds.',
    fields: { doing: text('its last action, shortened'), usage: of<Usage>('usage', 'tokens so far') },
  },
  'turn-ended': {
    says: 'An agent process ended, with its typed outcome.',
    fields: {
      kind: of<TurnKind>("'plan' | 'task' | ...", 'kind of turn'),
      outcome: of<AgentOutcome>('{kind, ...}', 'how it ended'),
      thread: maybeText('thread, to resume'),
      usage: of<Usage>('usage', 'tokens of this turn'),
      seconds: count('wall time'),
    },
  },
  'agent-parked': {
    says: 'A limit or a login failure of the account: nothing of this agent starts until then.',
    fields: { agent: text('agent'), until: moment('when it may go on'), why: text('the provider’s words') },
  },
} as const satisfies FactKinds;
