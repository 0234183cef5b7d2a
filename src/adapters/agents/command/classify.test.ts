import { expect, it } from 'vitest';

import type { AgentOutcome } from '../../../domain/agent.ts';
import type { CommandEnd } from '../../../ports/commands.ts';
import { classifyCommand } from './classify.ts';
import { type CommandState, newCommandState } from './decode.ts';

const ended: CommandEnd = {
  ending: 'exited',
  exitCode: 0,
  signal: undefined,
  seconds: 1,
  stderrTail: 'oh no\n',
  swept: 0,
};
const well: Partial<CommandState> = { events: 3, completed: true, answer: 'yes' };
const limited: Partial<CommandState> = { events: 1, ending: { kind: 'limited', until: 5, message: 'full' } };

it.each<
  [when: string, end: Partial<CommandEnd>, state: Partial<CommandState>, outcome: Partial<AgentOutcome>]
>([
  ['it completes', {}, well, { kind: 'completed' }],
  [
    'it completes without an answer',
    {},
    { ...well, answer: undefined },
    { kind: 'failed', reason: 'unanswered', retryable: true },
  ],
  [
    'it ends without completing',
    {},
    { ...well, completed: false },
    { kind: 'failed', reason: 'crash', retryable: true },
  ],
  [
    'it completes and fails',
    { exitCode: 1 },
    well,
    { kind: 'failed', reason: 'crash', message: 'the program ended with exit code 1. oh no' },
  ],
  [
    'it is killed',
    { exitCode: 137, signal: 'SIGKILL' },
    well,
    { kind: 'failed', message: 'the program ended with signal SIGKILL. oh no' },
  ],
  [
    'it says nothing',
    { stderrTail: '' },
    {},
    {
      kind: 'failed',
      reason: 'failed-start',
      retryable: true,
      message: 'the program ended with exit code 0. It printed no event of the contract (docs/AGENTS.md).',
    },
  ],
  [
    'it fails before it says anything',
    { exitCode: 1 },
    {},
    { kind: 'failed', reason: 'failed-start', message: 'the program ended with exit code 1. oh no' },
  ],
  [
    'it cannot be started',
    { ending: 'not-started', message: 'gone' },
    {},
    { kind: 'failed', reason: 'failed-start', retryable: false, message: 'gone' },
  ],
  ['it is limited, by its own account', { exitCode: 1 }, limited, { kind: 'limited', until: 5 }],
  ['its time is up, whatever it said', { ending: 'timeout' }, limited, { kind: 'timeout' }],
  ['it is stopped, whatever it said', { ending: 'stopped' }, well, { kind: 'interrupted' }],
  ['it floods', { ending: 'flooded' }, { events: 1 }, { kind: 'failed', reason: 'crash', retryable: false }],
  ['it is silent', { ending: 'silent' }, { events: 1 }, { kind: 'stalled', waitingFor: 'model' }],
  [
    'its command is silent',
    { ending: 'silent' },
    { openCommands: new Set(['1']) },
    { kind: 'stalled', waitingFor: 'command' },
  ],
])('is judged when %s', (_when, end, state, outcome) => {
  expect(classifyCommand({ ...ended, ...end }, { ...newCommandState(), ...state }, true)).toMatchObject(
    outcome,
  );
});

it('needs no answer when none was asked for', () => {
  const state = { ...newCommandState(), events: 1, completed: true };
  expect(classifyCommand(ended, state, false)).toEqual({ kind: 'completed' });
});
