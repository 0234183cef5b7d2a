import { describe, expect, it } from 'vitest';
import { parseWorkflow } from './parse-workflow.ts';

const job = 'jobs: {test: {runs-on: ubuntu-latest, steps: [{run: "true"}]}}';

function step(text: string): string {
  return `on: push\njobs: {test: {runs-on: x, steps: [${text}]}}`;
}

function oneJob(text: string): string {
  return `on: push\njobs: {test: {runs-on: x, steps: [{run: "true"}], ${text}}}`;
}

function laughs(): string {
  const levels = Array.from({ length: 8 }, (_, level) => {
    const inner = level === 0 ? '1' : `*a${level - 1}`;
    return `A${level}: &a${level} [${Array(9).fill(inner).join(', ')}]`;
  });
  return levels.join(', ');
}

describe('a workflow file', () => {
  it.each<[what: string, text: string, message: RegExp]>([
    ['broken YAML', 'on: push\njobs: [', /yaml syntax on line 2/],
    ['a tab', 'on: push\njobs:\n\ttest: 1', /yaml syntax on line 3/],
    ['a key twice', 'on: push\non: push', /unique/i],
    ['an alias of itself', `on: push\nenv: &e {A: *e}\n${job}`, /yaml syntax.*circular/],
    ['aliases without measure', `on: push\nenv: {${laughs()}}\n${job}`, /yaml syntax.*alias count/],
    ['brackets without measure', `on: ${'['.repeat(20_000)}`, /yaml syntax/],
    ['nothing in it', '', /Expected a mapping/],
    ['a list', '- a', /Expected a mapping/],
    ['no triggers', job, /No event triggers/],
    ['an unknown event', `on: pushed\n${job}`, /Unexpected value 'pushed'/],
    ['an unknown filter', `on: {push: {branch: main}}\n${job}`, /Unexpected value 'branch'/],
    ['two opposite filters', `on: {push: {paths: [a], paths-ignore: [b]}}\n${job}`, /only define one/],
    ['a broken filter', `on: {push: {branches: ["[z-a]"]}}\n${job}`, /Invalid pattern/],
    ['no jobs', 'on: push', /No jobs/],
    ['empty jobs', 'on: push\njobs: {}', /No jobs/],
    ['an unknown key', `on: push\nenvs: {}\n${job}`, /Unexpected value 'envs'/],
    ['an unknown job key', oneJob('need: x'), /Unexpected value 'need'/],
    ['a job without runs-on', 'on: push\njobs: {a: {steps: [{run: x}]}}', /missing: runs-on/],
    ['a job without steps', 'on: push\njobs: {a: {runs-on: x}}', /missing: steps/],
    ['a job with a bad id', 'on: push\njobs: {"a b": {runs-on: x, steps: [{run: x}]}}', /identifier 'a b'/],
    ['an unknown need', oneJob('needs: other'), /unknown job 'other'/],
    ['a job that needs itself', oneJob('needs: test'), /cycle/],
    ['a step without work', step('{name: x}'), /`uses` or `run`/],
    ['a step with both', step('{run: a, uses: b}'), /Unexpected value 'run'/],
    ['an unknown step key', step('{run: a, working_directory: b}'), /Unexpected value 'working_directory'/],
    ['an id twice', step('{run: a, id: x}, {run: b, id: X}'), /more than once/],
    ['a broken expression', step('{run: "${{ github. }}"}'), /Unexpected end/],
    ['an open expression', step('{run: "${{ github.ref"}'), /not closed/],
    ['an unknown context', step('{run: "${{ git.ref }}"}'), /Unrecognized named-value: 'git'/],
    ['an unknown function', step('{if: "failed()", run: a}'), /Unrecognized function: 'failed'/],
    ['too few arguments', step('{if: "contains(env.A)", run: a}'), /Too few/],
    ['a secret in a condition', step('{if: "secrets.A", run: a}'), /named-value: 'secrets'/],
    ['env in the condition of a job', oneJob('if: env.A'), /named-value: 'env'/],
    ['steps in the env of a job', oneJob('env: {A: "${{ steps.a.outputs.b }}"}'), /named-value: 'steps'/],
    ['a status function in a script', step('{run: "${{ success() }}"}'), /Unrecognized function: 'success'/],
  ])('with %s is refused', (_what, text, message) => {
    expect(parseWorkflow('ci.yml', text)).toEqual({ invalid: expect.stringMatching(message) as string });
  });

  it.each<[what: string, text: string]>([
    ['the key on', `on: push\n${job}`],
    ['the key on in quotes', `"on": push\n${job}`],
    ['the key on as YAML 1.1 reads it', `true: push\n${job}`],
    ['anchors', `on: push\njobs: {a: &a {runs-on: x, steps: [{run: y}]}, b: *a}`],
    [
      'a reusable workflow',
      'on: push\njobs: {a: {uses: ./.github/workflows/b.yml, with: {x: 1}, secrets: inherit}}',
    ],
    [
      'everything we ignore',
      oneJob('services: {db: {image: x}}, container: node, environment: prod, concurrency: x'),
    ],
  ])('with %s is accepted', (_what, text) => {
    expect(parseWorkflow('ci.yml', text)).not.toHaveProperty('invalid');
  });

  it('is called by its path when it names nothing', () => {
    expect(parseWorkflow('.github/workflows/ci.yml', `on: push\n${job}`)).toMatchObject({
      name: '.github/workflows/ci.yml',
    });
  });
});
