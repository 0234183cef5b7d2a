import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

import { readScenarios } from './scenario.ts';

describe('a scenario file', () => {
  const folder = path.join(import.meta.dirname, 'examples');
  it.each(readdirSync(folder))('%s of the examples is well formed', (file) => {
    expect(readScenarios(readFileSync(path.join(folder, file), 'utf8'))).toMatchObject({ ok: true });
  });

  it.each<[what: string, problem: string, yaml: string]>([
    ['is no YAML', 'Flow sequence', 'scenarios: ['],
    ['has no scenarios', 'line 1: scenarios: Too small', 'scenarios: []'],
    ['misspells its only key', 'Unrecognized key: "scenario"', 'scenario: []'],
    ['forgets a name', 'line 1: scenario number 1, name: ', 'scenarios: [{ steps: [{ final: x }] }]'],
    ['uses a name twice', 'scenario "a": this name is taken', file('final: x', 'final: y')],
  ])('is refused when it %s', (_what, problem, yaml) => {
    expect(problemsOf(yaml)).toContain(problem);
  });

  it.each<[what: string, problem: string, step: string]>([
    ['an unknown key', 'steps[0]: Unrecognized key: "finale"', 'finale: x'],
    ['nothing', 'steps[0]: an empty step', ''],
    [
      'an unknown key deep inside',
      'steps[0].usage-limit: Unrecognized key: "reset"',
      'usage-limit: { reset: 3 }',
    ],
    ['an unknown failure', 'steps[0].fail: a usual failure (auth,', 'fail: nope'],
    [
      'a misspelled failure',
      'steps[0].fail: Unrecognized key: "headrs"',
      'fail: { status: 500, headrs: {} }',
    ],
    [
      'a misspelled file',
      'steps[0].write[0]: Unrecognized key: "text"',
      'write: [{ path: a, content: b, text: c }]',
    ],
    ['a bad expression', 'steps[0].expect.lacks[0]: Invalid regular expression', 'expect: { lacks: [/(/] }'],
    ['a patch that is none', 'steps[0].patch: ', 'patch: "--- a/x"'],
    ['two ends', 'final and json exclude each other', 'final: x, json: {}'],
    ['a command and an end', 'run goes on with the turn, final ends it', 'run: x, final: y'],
    ['two accidents', 'fail and hang exclude each other', 'fail: auth, hang: stream'],
    ['words that are never said', 'fail: the model never comes to say', 'fail: auth, say: hi'],
    ['a cut after nothing', 'after which items?', 'cut: after-items'],
    ['times without an accident', 'times belongs to fail', 'final: x, times: 2'],
    ['a background without a command', 'background belongs to run', 'final: x, background: true'],
    ['headers for a failure', 'use fail.headers', 'fail: auth, headers: { a: b }'],
    ['impossible tokens', 'steps[0].usage.cached: more than `in`', 'final: x, usage: { in: 1, cached: 2 }'],
    ['two reset times', 'not both', 'usage-limit: { resets_at: 1, resets_in_seconds: 1 }'],
    ['tokens of a failure', 'usage: with fail no tokens', 'fail: auth, usage: { in: 1 }'],
    ['a wait at the end', 'steps[0]: the last step only waits or expects', 'delay: 3'],
    ['both kinds of arguments', 'not both', 'call: { name: a, args: {}, input: b }'],
  ])('names line, scenario and key of a step with %s', (_what, problem, step) => {
    const problems = problemsOf(file(step));
    expect(problems).toContain(problem);
    expect(problems).toMatch(/^line 3: scenario "a", steps\[0\]/);
  });

  it.each<[what: string, problem: string, match: string]>([
    ['an unknown turn kind', 'match.turn: one of plan, task, repair', 'turn: plna'],
    ['an unknown key', 'match: Unrecognized key: "repository"', 'repository: x'],
    ['a bad expression', 'match.prompt: Invalid regular expression', 'prompt: /(/'],
    ['a zeroth call', 'match.call: Too small', 'call: 0'],
  ])('names the key of a match with %s', (_what, problem, match) => {
    expect(problemsOf(`scenarios: [{ name: a, match: { ${match} }, steps: [{ final: x }] }]`)).toContain(
      `line 1: scenario "a", ${problem}`,
    );
  });
});

function file(...steps: string[]): string {
  return `scenarios:\n${steps.map((step) => `  - name: a\n    steps: [{ ${step} }]\n`).join('')}`;
}

function problemsOf(yaml: string): string {
  const read = readScenarios(yaml);
  return read.ok ? 'no problem' : read.failure.join('\n');
}
