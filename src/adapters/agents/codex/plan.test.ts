import { describe, expect, it } from 'vitest';

import type { TurnRequest } from '../../../ports/agents.ts';
import { type CodexSetup, planCodex } from './plan.ts';

const request: TurnRequest = {
  kind: 'task',
  cwd: '/code/app',
  prompt: 'do it',
  model: '',
  sandbox: 'workspace-write',
  limits: { totalMs: 1, modelSilenceMs: 1, commandSilenceMs: 1 },
  log: { folder: '/logs', stem: '03-task' },
  session: 's-1',
};
const setup: CodexSetup = {
  program: '/bin/codex',
  home: '/home/.clone/agents/codex',
  environment: { PATH: '/bin', GITHUB_TOKEN: 'secret', CODEX_API_KEY: 'key', MINE_KEY: 'mine', TEAM: 'team' },
  agentEnv: [],
  config: [],
  userSettings: {},
  timeZone: 'Asia/Tokyo',
};
const start = [
  'exec',
  '--json',
  '--skip-git-repo-check',
  '-C',
  '/code/app',
  '-o',
  '/logs/03-task.last-message.txt',
];

describe('codex is started', () => {
  it.each<[how: string, change: Partial<TurnRequest>, config: string[], args: string[]]>([
    ['in the sandbox', {}, [], [...start, '-s', 'workspace-write', '-']],
    ['to look only', { sandbox: 'read-only' }, [], [...start, '-s', 'read-only', '-']],
    [
      'without a sandbox when asked for by name',
      { sandbox: 'danger-full-access' },
      [],
      [...start, '--dangerously-bypass-approvals-and-sandbox', '-'],
    ],
    ['with a model', { model: 'm-1' }, [], [...start, '-s', 'workspace-write', '-m', 'm-1', '-']],
    [
      'with a form for its answer',
      { schema: { type: 'object' } },
      [],
      [...start, '-s', 'workspace-write', '--output-schema', '/logs/03-task.schema.json', '-'],
    ],
    ['on a thread', { thread: 't-1' }, [], [...start, '-s', 'workspace-write', 'resume', 't-1', '-']],
    [
      'with settings',
      {},
      ['a.b=1', 'c="d"'],
      [...start, '-s', 'workspace-write', '-c', 'a.b=1', '-c', 'c="d"', '-'],
    ],
  ])('%s', (_how, change, config, args) => {
    expect(planCodex({ ...request, ...change }, { ...setup, config }).args).toEqual(args);
  });

  it('with the prompt on standard input, never among its arguments', () => {
    const plan = planCodex({ ...request, prompt: '--help; rm -rf /' }, setup);
    expect(plan.stdin).toBe('--help; rm -rf /');
    expect(plan.args).not.toContain('--help; rm -rf /');
  });

  it('with files of its own', () => {
    const plan = planCodex({ ...request, schema: { type: 'object' } }, setup);
    expect(plan).toMatchObject({
      program: '/bin/codex',
      stdoutFile: '/logs/03-task.jsonl',
      stderrFile: '/logs/03-task.stderr.txt',
      lastMessageFile: '/logs/03-task.last-message.txt',
      files: [
        { path: '/home/.clone/agents/codex/config.toml' },
        { path: '/logs/03-task.schema.json', content: '{"type":"object"}' },
      ],
    });
  });
});

describe('codex sees', () => {
  const provider = { model_provider: 'mine', model_providers: { mine: { env_key: 'MINE_KEY' } } };

  it.each<[what: string, change: Partial<CodexSetup>, names: string[]]>([
    ['the key of the built-in provider', {}, ['CODEX_API_KEY']],
    ['the key of another provider', { userSettings: provider }, ['CODEX_API_KEY', 'MINE_KEY']],
    ['what the person lists', { agentEnv: ['TEAM', 'GITHUB_TOKEN'] }, ['CODEX_API_KEY', 'TEAM']],
  ])('%s', (_what, change, names) => {
    const { env } = planCodex(request, { ...setup, ...change });
    const asked = Object.keys(env).filter((name) => name in setup.environment && name !== 'PATH');
    expect(asked.sort()).toEqual(names);
  });

  it('its own home, and the time zone in which it then tells times', () => {
    const { env } = planCodex(request, {
      ...setup,
      environment: { TZ: 'UTC', CODEX_HOME: '/home/me/.codex' },
    });
    expect(env).toMatchObject({ CODEX_HOME: '/home/.clone/agents/codex', TZ: 'Asia/Tokyo' });
  });
});
