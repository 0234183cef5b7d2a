import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
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

  it('is read once, until edits are taken up', async () => {
    const files = prompts();
    const first = await files.template('core');
    await writeFile(at('prompts/core.md'), 'changed');
    expect(await files.template('core')).toBe(first);
  });
});

describe('an edit that is taken up', () => {
  const named = { core: '', steering: '' };
  const flawOf = (_name: string, text: string) =>
    text.includes('{{x}}') ? { message: 'unknown variable {{x}}', hint: 'none' } : undefined;
  const takeUp = (files: ReturnType<typeof prompts>, now: Readonly<Record<string, string>> = named) =>
    files.takeUp({ named: now, flawOf });

  it('counts: a file that is changed, added, replaced or taken away', async () => {
    const files = prompts();
    const text = async () => (await files.template('core')).text;
    const shipped = await text();
    await writeFile(at('prompts/core.md'), 'added');
    expect(await takeUp(files)).toEqual([]);
    expect(await text()).toBe('added');
    await writeFile(at('prompts/core.md'), 'other');
    expect(await text()).toBe('added');
    await takeUp(files);
    expect(await text()).toBe('other');
    await writeFile(at('prompts/core.md~'), 'moved');
    await rename(at('prompts/core.md~'), at('prompts/core.md'));
    await takeUp(files);
    expect(await text()).toBe('moved');
    await rm(at('prompts/core.md'));
    await takeUp(files);
    expect(await text()).toBe(shipped);
  });

  it('leaves what nobody edited as it was read', async () => {
    await writeFile(at('prompts/core.md'), 'home');
    const files = prompts();
    const [core, plan] = await Promise.all([files.template('core'), files.template('plan')]);
    expect(await takeUp(files)).toEqual([]);
    expect(await files.template('core')).toBe(core);
    expect(await files.template('plan')).toBe(plan);
  });

  it('counts in the repository’s own folder, and only the file that wins', async () => {
    const files = prompts();
    const text = async () => (await files.template('core', own())).text;
    await writeFile(at('prompts/core.md'), 'home');
    await text();
    await writeFile(at('own/core.md'), 'own');
    await takeUp(files);
    expect(await text()).toBe('own');
    await writeFile(at('prompts/core.md'), 'home again');
    await takeUp(files);
    expect(await text()).toBe('own');
    await rm(at('own/core.md'));
    await takeUp(files);
    expect(await text()).toBe('home again');
  });

  it('counts when the options name another file', async () => {
    await writeFile(at('a.md'), 'a');
    await writeFile(at('b.md'), 'b');
    const files = prompts({ core: at('a.md') });
    expect((await files.template('core')).text).toBe('a');
    expect(await takeUp(files, { core: at('b.md') })).toEqual([]);
    expect((await files.template('core')).text).toBe('b');
    expect(await takeUp(files, { core: at('none.md') })).toMatchObject([{ source: at('none.md') }]);
    expect((await files.template('core')).text).toBe('b');
    await takeUp(files);
    expect((await files.template('core')).source).toBe('built-in core.md');
  });

  it.each<[what: string, edit: () => Promise<unknown>, source: string, message: RegExp]>([
    [
      'has a variable that nobody fills',
      () => writeFile(at('own/core.md'), '{{x}}'),
      'own/core.md',
      /\{\{x\}\}/,
    ],
    ['is too large', () => writeFile(at('own/core.md'), 'x'.repeat(70_000)), 'own/core.md', /70000 bytes/],
    ['takes the folder away', () => rm(at('own'), { recursive: true }), 'own', /no such folder/],
  ])('that %s is told once, and the last good one stays', async (_what, edit, source, message) => {
    await writeFile(at('own/core.md'), 'good');
    const files = prompts();
    const elsewhere = { folder: at('own'), repository: at('elsewhere') };
    await Promise.all([files.template('core', own()), files.template('core', elsewhere)]);
    await edit();
    expect(await takeUp(files)).toEqual([
      {
        source: at(source),
        message: expect.stringMatching(message) as string,
        hint: expect.any(String) as string,
      },
    ]);
    expect(await takeUp(files)).toEqual([]);
    expect((await files.template('core', own())).text).toBe('good');
    expect((await files.template('core', elsewhere)).text).toBe('good');
    await mkdir(at('own'), { recursive: true });
    await writeFile(at('own/core.md'), 'mended');
    expect(await takeUp(files)).toEqual([]);
    expect((await files.template('core', own())).text).toBe('mended');
  });

  it('counts where nothing could be used before', async () => {
    await writeFile(at('prompts/core.md'), 'x'.repeat(70_000));
    const files = prompts();
    await refusalOf(files.template('core'));
    await writeFile(at('prompts/core.md'), 'short');
    expect(await takeUp(files)).toEqual([]);
    expect((await files.template('core')).text).toBe('short');
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
