import type { Check } from '../domain/check.ts';

/** A value that an option can have, with its bounds, told once for files, flags, environment and documents. */
export type OptionType =
  | { readonly kind: 'boolean' }
  | { readonly kind: 'integer' | 'number'; readonly min: number; readonly max: number }
  | { readonly kind: 'string'; readonly pattern?: RegExp | undefined }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  | { readonly kind: 'strings' }
  | { readonly kind: 'checks' };

/**
 * Where an option may stand. `home`: it belongs to the whole run. `repo`: also in a portfolio entry and in a
 * repository's own `.clone.yaml`.
 */
export type OptionScope = 'home' | 'repo';

/** What "tighter" means for a safety option: an in-repo file may only move a value that way. */
export type Tightening = 'lower' | 'higher' | 'earlier-choice' | 'true' | 'false' | 'never';

export interface OptionSpec<Value = unknown> {
  readonly type: OptionType;
  readonly default: Value;
  readonly scope: OptionScope;
  readonly help: string;
  /** Environment names besides `CLONE_<NAME>`: those of the first Clone. */
  readonly env?: readonly string[] | undefined;
  /** Flag of `clone run`; undefined: no flag. */
  readonly flag?: string | undefined;
  /** Set for safety options; the others may be changed freely by an in-repo file. */
  readonly tighter?: Tightening | undefined;
}

export interface ConfiguredCheck {
  readonly name: string;
  readonly run: string;
  readonly timeout: number;
  readonly required: boolean;
}

type Rest = Omit<OptionSpec, 'type' | 'default' | 'scope' | 'help'>;

function integer(
  help: string,
  value: number,
  [min, max]: readonly [number, number],
  scope: OptionScope,
  rest: Rest = {},
): OptionSpec<number> {
  return { type: { kind: 'integer', min, max }, default: value, scope, help, ...rest };
}
function number(
  help: string,
  value: number,
  [min, max]: readonly [number, number],
  scope: OptionScope,
  rest: Rest = {},
): OptionSpec<number> {
  return { type: { kind: 'number', min, max }, default: value, scope, help, ...rest };
}
function flag(help: string, value: boolean, scope: OptionScope, rest: Rest = {}): OptionSpec<boolean> {
  return { type: { kind: 'boolean' }, default: value, scope, help, ...rest };
}
function string(help: string, value: string, scope: OptionScope, rest: Rest = {}): OptionSpec<string> {
  return { type: { kind: 'string' }, default: value, scope, help, ...rest };
}
function strings(
  help: string,
  value: readonly string[],
  scope: OptionScope,
  rest: Rest = {},
): OptionSpec<readonly string[]> {
  return { type: { kind: 'strings' }, default: value, scope, help, ...rest };
}
function choice<const C extends readonly string[]>(
  help: string,
  choices: C,
  value: C[number],
  scope: OptionScope,
  rest: Rest = {},
): OptionSpec<C[number]> {
  return { type: { kind: 'choice', choices }, default: value, scope, help, ...rest };
}

const day = 86_400;

/** Every option there is. The file, the environment, the flags, the schema and docs/CONFIGURATION.md follow from it. */
export const optionTable = {
  parallel_repos: integer('Sessions at once.', 3, [1, 64], 'home', {
    env: ['PARALLEL_REPOS'],
    flag: '--parallel <n>',
  }),
  max_cycles: integer('Sweeps over the portfolio in one run; 0 = until stopped.', 1, [0, 1_000_000], 'home', {
    env: ['MAX_CYCLES'],
    flag: '--cycles <n>',
  }),
  max_hours: number('A run starts nothing new after this many hours; 0 = no cap.', 0, [0, 8760], 'home', {
    env: ['MAX_HOURS'],
    flag: '--hours <h>',
  }),
  sleep_seconds: integer('Pause between two cycles.', 120, [0, day], 'home', { env: ['SLEEP_SECONDS'] }),
  code_root: string('Folder of your repositories; new ideas get their folder here.', '', 'home', {
    env: ['CODE_ROOT'],
  }),
  activity_window_days: integer(
    'Discovery lists repositories active within this many days.',
    60,
    [1, 36_500],
    'home',
  ),

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

  verify: {
    type: { kind: 'checks' },
    default: [] as readonly ConfiguredCheck[],
    scope: 'repo',
    help: 'The checks that must exit 0 before anything lands (name, run, timeout, required); empty = inferred.',
    tighter: 'never',
  },
  verify_timeout_seconds: integer('Time limit of a check that names none.', 900, [1, day], 'repo', {
    tighter: 'lower',
  }),
  verify_fix_attempts: integer('Repair turns on red checks, per task.', 2, [0, 10], 'repo', {
    tighter: 'lower',
  }),
  setup: strings('Commands that prepare a fresh workspace, run in order by a shell.', [], 'repo'),
  setup_timeout_seconds: integer('Time limit of each setup command.', 900, [1, day], 'repo', {
    tighter: 'lower',
  }),
  copy: strings(
    'Files copied from your checkout into each workspace, for example .env. Never committed.',
    [],
    'repo',
    { tighter: 'never' },
  ),
  commit_name: string('Name on our commits.', 'clone', 'repo'),
  commit_email: string('Address on our commits.', 'clone@localhost', 'repo'),

  land: choice(
    'How a session lands: push = straight to the branch, hold = a person accepts (clone review), pr = as hold, with a branch left on the remote for your pull request.',
    ['hold', 'pr', 'push'],
    'push',
    'repo',
    { flag: '--land <mode>', tighter: 'earlier-choice' },
  ),
  land_attempts: integer('Tries to land when others push at the same time.', 5, [1, 50], 'repo', {
    tighter: 'lower',
  }),
  update_checkout: flag(
    'Fast-forward your own checkout after a landing, if it is clean and on the branch.',
    true,
    'repo',
    { tighter: 'false' },
  ),
  cleanup_enabled: flag('A cleanup turn after enough landed commits.', false, 'repo', { tighter: 'false' }),
  cleanup_trigger_commits: integer('Landed commits that call for a cleanup turn.', 4, [1, 1000], 'repo'),

  github_api_url: string('Base URL of the GitHub API.', 'https://api.github.com', 'home'),
  github_token_file: string(
    'File with the GitHub token; empty = GITHUB_TOKEN, GH_TOKEN or `gh auth token`.',
    '',
    'home',
  ),
  ci_autofix_enabled: flag('Fix passes on red CI.', true, 'repo', {
    env: ['CI_AUTOFIX_ENABLED'],
    tighter: 'false',
  }),
  ci_wait_timeout_seconds: integer('How long a pushed commit waits for its verdict.', 900, [1, day], 'repo', {
    env: ['CI_WAIT_TIMEOUT_SECONDS'],
  }),
  ci_poll_interval_seconds: number(
    'First interval between two looks at CI; it grows while nothing changes.',
    5,
    [0.05, 3600],
    'home',
    { env: ['CI_POLL_INTERVAL_SECONDS'] },
  ),
  ci_grace_seconds: number(
    'How long no run at all is taken as “not yet” rather than “none”.',
    90,
    [0, day],
    'repo',
  ),
  ci_max_fix_attempts: integer('Fix passes for one red landing.', 2, [0, 10], 'repo', {
    env: ['CI_MAX_FIX_ATTEMPTS'],
    tighter: 'lower',
  }),
  ci_rerun_failed_once: flag('Run failed jobs again once before a fix pass.', true, 'repo'),
  ci_on_exhausted: choice(
    'What happens when the fix passes are used up.',
    ['leave', 'revert'],
    'leave',
    'repo',
  ),

  project_memory_max_lines: integer(
    'PROJECT_MEMORY.md is compacted above this length. Not used yet.',
    500,
    [50, 100_000],
    'repo',
    { env: ['PROJECT_MEMORY_MAX_LINES'] },
  ),
  idea_bootstrap_enabled: flag(
    'Turn ideas into repositories at the start of a cycle. Not used yet.',
    true,
    'home',
    {
      env: ['IDEA_BOOTSTRAP_ENABLED'],
    },
  ),
  prompts_file: string('Steering prompt that replaces the built-in one.', '', 'home', {
    env: ['PROMPTS_FILE'],
  }),
  core_prompt_file: string('Core prompt that replaces the built-in one.', '', 'home', {
    env: ['CORE_PROMPT_FILE'],
  }),
  keep_runs: integer('Run folders kept under logs/; older ones are removed.', 50, [1, 100_000], 'home'),
  keep_logs_mb: integer(
    'Size of logs/ above which the oldest runs are removed, in MB.',
    2000,
    [10, 10_000_000],
    'home',
  ),
} as const satisfies Record<string, OptionSpec>;

export type OptionName = keyof typeof optionTable;

type Widen<V> = V extends boolean ? boolean : V;
type ValueOf<S> = S extends OptionSpec<infer V> ? Widen<V> : never;

/** All options with their values: what a session is run with. */
export type Options = { readonly [N in OptionName]: ValueOf<(typeof optionTable)[N]> };

/** The configured checks as the session knows them. */
export function configuredChecks(options: Pick<Options, 'verify'>, source: string): readonly Check[] {
  return options.verify.map((check) => ({
    name: check.name,
    run: check.run,
    timeoutSeconds: check.timeout,
    required: check.required,
    source,
  }));
}
