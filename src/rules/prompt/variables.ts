import type { Trust } from '../../domain/memory.ts';

/** What may stand in a template as `{{name}}`. */
export interface Variable {
  /** `line`: a word or a sentence within a line of the template. `block`: lines of its own. */
  readonly shape: 'line' | 'block';
  /** Where its text comes from, when whoever brings it does not say. */
  readonly source: string;
  readonly trust: Trust;
  /** More is cut, and the cut is said: a prompt costs the same whatever the size of what it quotes. */
  readonly maxChars: number;
}

/** Every variable there is. An untrusted one comes with its data fenced already. */
export const variables = {
  core: block('core.md', 65_536),
  steering: block('steering.md', 65_536),
  handoff: block('handoff.md', 65_536),
  repository: line('repos.yaml', 200),
  objective: block('repos.yaml', 2_000),
  repo_facts: block('AGENTS.md', 3_000),
  memory: block('PROJECT_MEMORY.md', 6_000),
  prevention: block('INCIDENTS.md', 3_000),
  backlog: block('CLONE_FEATURES.md', 3_000),
  issues: block('issues', 12_000),
  issue: block('issue', 6_000),
  signals: block('signals', 3_000),
  red_ci: block('CI', 12_000),
  checks: block('checks', 12_000),
  task_cap: line('tasks_per_repo', 20),
  task_id: line('the plan', 80),
  task_title: line('the plan', 300),
  task_why: block('the plan', 6_000),
  task_acceptance: block('the plan', 4_000),
  task_paths: line('the plan', 1_000),
  attempt: line('this session', 20),
  attempts: line('this session', 20),
  sha: line('the ledger', 80),
  branch: line('repos.yaml', 200),
  turn: line('this session', 20),
  problem: line('this session', 500),
  paths: line('git', 2_000),
  failure: fencedBlock('CI logs', 80_000),
  findings: fencedBlock('our checks and gates', 80_000),
  diff: fencedBlock('the diff of this session', 56_000),
  contract: block('built-in contract', 4_000),
  work: fencedBlock('the author of the change', 12_000),
  evidence: block('our checks', 12_000),
  entries: fencedBlock('PROJECT_MEMORY.md', 1_000),
} as const satisfies Record<string, Variable>;

export type VariableName = keyof typeof variables;

export function isVariable(name: string): name is VariableName {
  return Object.hasOwn(variables, name);
}

const everywhere: readonly VariableName[] = [
  'core',
  'steering',
  'handoff',
  'repository',
  'objective',
  'repo_facts',
  'memory',
  'prevention',
  'backlog',
  'issues',
];
const ofTask: readonly VariableName[] = [
  ...everywhere,
  'task_id',
  'task_title',
  'task_why',
  'task_acceptance',
  'task_paths',
  'checks',
];

/** The prompts that an agent is sent, with the variables that each may use. */
export const templateVariables = {
  plan: [...everywhere, 'task_cap', 'checks', 'signals', 'red_ci'],
  task: ofTask,
  'first-task': [...ofTask, 'issue'],
  single: [...everywhere, 'task_id', 'task_title', 'task_cap', 'checks', 'signals', 'red_ci'],
  cleanup: ofTask,
  repair: [...everywhere, 'task_id', 'task_title', 'attempt', 'attempts', 'findings'],
  idea: [...everywhere, 'task_id', 'task_title', 'task_why'],
  'ci-fix': [...everywhere, 'sha', 'branch', 'attempt', 'attempts', 'failure', 'checks'],
  conflict: [...everywhere, 'branch', 'paths', 'diff', 'checks'],
  review: [...everywhere, 'contract', 'work', 'evidence', 'diff'],
  'answer-again': [...everywhere, 'turn', 'problem'],
  summary: [...everywhere, 'entries'],
} as const satisfies Record<string, readonly VariableName[]>;

export type TemplateName = keyof typeof templateVariables;

/** Files that other prompts take in as a whole; they have no variables of their own. */
export const fragments = ['core', 'steering', 'handoff'] as const;

function line(source: string, maxChars: number): Variable {
  return { shape: 'line', source, trust: 'trusted', maxChars };
}
function block(source: string, maxChars: number): Variable {
  return { shape: 'block', source, trust: 'trusted', maxChars };
}
function fencedBlock(source: string, maxChars: number): Variable {
  return { shape: 'block', source, trust: 'untrusted', maxChars };
}
