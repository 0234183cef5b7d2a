import { choice, integer, number, type OptionSpec, string, strings } from './option-spec.ts';

/** Sessions and their agents. */
export const sessionOptions = {
  tasks_per_repo: integer(
    'Task cap of one session. Applied by us, whatever the plan says.',
    10,
    [1, 100],
    'repo',
    { env: ['TASKS_PER_REPO'], flag: '--tasks <n>', tighter: 'lower' },
  ),
  session_mode: choice(
    'steps: a plan turn, then one turn per task. single: plan and work in one turn.',
    ['steps', 'single'],
    'steps',
    'repo',
  ),
  agent: string('Agent that does the work: codex, or command (see `agent_command`).', 'codex', 'repo', {
    flag: '--agent <name>',
    tighter: 'never',
  }),
  model: string('Model asked for; empty = the agent’s own default.', '', 'repo', {
    env: ['MODEL'],
    flag: '--model <name>',
    tighter: 'never',
  }),
  sandbox: choice(
    'What the agent may touch.',
    ['read-only', 'workspace-write', 'danger-full-access'],
    'workspace-write',
    'repo',
    { tighter: 'earlier-choice' },
  ),
  agent_env: strings(
    'Environment variables of yours that the agent may see, beside the fixed allow-list.',
    [],
    'home',
  ),
  codex_path: string('The codex program; empty = found on PATH.', '', 'home'),
  codex_home: string(
    'Folder whose login (auth.json) codex uses; empty = CODEX_HOME or ~/.codex.',
    '',
    'home',
  ),
  codex_config: strings('Extra `key=value` settings handed to codex with -c.', [], 'home'),
  agent_command: string('Program of the agent `command` (docs/AGENTS.md); empty = none.', '', 'home'),
  turn_minutes: number('Total time of one turn.', 60, [0.01, 1440], 'repo', { tighter: 'lower' }),
  model_silence_minutes: number('Silence allowed while waiting for the model.', 10, [0.01, 1440], 'repo'),
  command_silence_minutes: number(
    'Silence allowed while a command of the agent is busy.',
    30,
    [0.01, 1440],
    'repo',
  ),
  agent_attempts: integer(
    'Starts of one turn before the session gives up on the agent.',
    3,
    [1, 10],
    'repo',
    { tighter: 'lower' },
  ),
} as const satisfies Record<string, OptionSpec>;
