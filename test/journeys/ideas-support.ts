import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import type { Scenario } from '../../testkit/model/scenario.ts';
import type { Sandbox } from '../../testkit/sandbox/sandbox.ts';
import { workflow } from './ci-support.ts';
import { handoff, turn } from './support.ts';

/** An entry of ideas.yaml as a person would read it. */
export interface WrittenIdea {
  readonly id?: string;
  readonly title: string;
  readonly summary?: string;
  readonly status?: string;
  readonly repo_name?: string;
  readonly last_error?: string;
}

/** A first version with everything: it runs, has a test, and CI runs the same. */
export function firstVersion(more: Readonly<Record<string, string>> = {}): Scenario['steps'][number] {
  const files = {
    'README.md': '# Voice notes\n\nRun `sh notes.sh`, test with `make test`.\n',
    'notes.sh': 'echo notes\n',
    'test.sh': '[ "$(sh notes.sh)" = notes ]\n',
    Makefile: 'test:\n\tsh test.sh\n',
    '.gitignore': 'out/\n',
    '.github/workflows/ci.yml': workflow({ Test: 'sh test.sh' }),
    ...more,
  };
  return { write: Object.entries(files).map(([file, content]) => ({ path: file, content })) };
}

/** The usual model for an idea: the whole first version at once. */
export function goodIdea(repo: string, more: Readonly<Record<string, string>> = {}): Scenario {
  return turn(repo, 'task', [firstVersion(more), { json: handoff(`Begin ${repo}`) }], {
    task: 'first-version',
  });
}

/** `ideas.yaml` of these ideas. */
export async function writeIdeas(sandbox: Sandbox, ...ideas: readonly WrittenIdea[]): Promise<void> {
  await writeFile(ideasFile(sandbox), stringify({ ideas }));
}

export async function ideasOf(sandbox: Sandbox): Promise<readonly WrittenIdea[]> {
  const text = await readFile(ideasFile(sandbox), 'utf8');
  return (parse(text) as { ideas: readonly WrittenIdea[] }).ideas;
}

/** The entries of repos.yaml. */
export async function entriesOf(sandbox: Sandbox): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const text = await readFile(path.join(sandbox.home, 'repos.yaml'), 'utf8');
  return (parse(text) as { repos: readonly Readonly<Record<string, unknown>>[] }).repos;
}

function ideasFile(sandbox: Sandbox): string {
  return path.join(sandbox.home, 'ideas.yaml');
}
