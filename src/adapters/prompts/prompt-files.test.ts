import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PromptUnusable } from '../../ports/prompts.ts';
import { builtInPrompt } from './built-in-prompts.ts';
import { promptFiles } from './prompt-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'clone-prompts-'));
  for (const below of ['prompts', 'own', 'repo/prompts'])
    await mkdir(path.join(folder, below), { recursive: true });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const at = (name: string): string => path.join(folder, name);
const prompts = (named: Readonly<Record<string, string>> = {}) =>
  promptFiles({ folder: at('prompts'), named, builtIn: builtInPrompt });
const own = () => ({ folder: at('own'), repository: at('repo') });

async function refusalOf(reading: Promise<unknown>): Promise<PromptUnusable> {
  const problem = await reading.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (problem instanceof PromptUnusable) return problem;
  throw new Error('it was not refused');
}

describe('a prompt', () => {
  it('is built in, until a file of the same name stands in for it', async () => {
    expect((await prompts().template('plan')).source).toBe('built-in plan.md');
    await writeFile(at('prompts/plan.md'), 'Turn: plan\n');
    expect(await prompts().template('plan')).toEqual({
      text: 'Turn: plan\n',
      source: at('prompts/plan.md'),
    });
  });

  it('is the repository’s own before one that is named, and that before one in the home', async () => {
    await writeFile(at('prompts/core.md'), 'home');
    await writeFile(at('named.md'), 'named');
    const files = prompts({ core: at('named.md') });
    expect((await files.template('core', own())).text).toBe('named');
    await writeFile(at('own/core.md'), 'own');
    const later = prompts({ core: at('named.md') });
    expect((await later.template('core', own())).text).toBe('own');
    expect((await later.template('core')).text).toBe('named');
  });

  it('is read once, so that one run tells one thing', async () => {
    const files = prompts();
    const first = await files.template('core');
    await writeFile(at('prompts/core.md'), 'changed');
    expect(await files.template('core')).toBe(first);
  });
});

describe('a prompt file is refused', () => {
  it('that is named and missing', async () => {
    const refused = await refusalOf(prompts({ core: at('nope.md') }).template('core'));
    expect(refused).toMatchObject({ source: at('nope.md'), message: 'there is no such file' });
  });

  it.each<[string, (file: string) => Promise<unknown>, RegExp]>([
    ['that is a folder', (file) => mkdir(file), /not a plain file/],
    ['that is larger than any prompt', (file) => writeFile(file, 'x'.repeat(70_000)), /70000 bytes.*65536/],
    ['in another encoding', (file) => writeFile(file, Buffer.from([0xe9, 0x74, 0xe9])), /not UTF-8/],
  ])('%s', async (_what, make, message) => {
    await make(at('prompts/task.md'));
    const refused = await refusalOf(prompts().template('task'));
    expect(refused.source).toBe(at('prompts/task.md'));
    expect(refused.message).toMatch(message);
  });

  it('whose folder is not there', async () => {
    const refused = await refusalOf(prompts().template('plan', { ...own(), folder: at('gone') }));
    expect(refused).toMatchObject({ source: at('gone'), message: 'there is no such folder' });
  });

  it.each([
    ['the repository itself', 'repo'],
    ['a folder of the repository', 'repo/prompts'],
    ['a link that leads into the repository', 'link'],
  ])('that lies in %s: a stranger may have written it', async (_what, name) => {
    await symlink(at('repo/prompts'), at('link'));
    const refused = await refusalOf(prompts().template('plan', { ...own(), folder: at(name) }));
    expect(refused.message).toBe('it lies in the repository that it is for');
  });
});
